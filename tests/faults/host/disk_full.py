"""The disk of the bench is full."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.disk", critical_share=0.0001, plenty_gib=1_000_000)


FAULT = Fault(
	title="The disk of the bench is full",
	breaks=breaks,
	check="host.disk",
	severity="critical",
)
