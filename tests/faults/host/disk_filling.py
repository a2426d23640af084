"""The disk of the bench is filling up."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(
		site, "host.disk", warning_share=0.0001, critical_share=2, plenty_gib=1_000_000, least_gib=0
	)


FAULT = Fault(
	title="The disk of the bench is filling up",
	breaks=breaks,
	check="host.disk",
	severity="warning",
)
