"""The machine has had more to do than it can for a quarter of an hour."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.load", warning_per_core=0, critical_per_core=1000)


FAULT = Fault(
	title="The machine has had more to do than it can for a quarter of an hour",
	breaks=breaks,
	check="host.load",
	severity="warning",
)
