"""The machine has little memory left."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.memory", warning_share=0.0001, critical_share=2, plenty_gib=1_000_000)


FAULT = Fault(
	title="The machine has little memory left",
	breaks=breaks,
	check="host.memory",
	severity="warning",
)
