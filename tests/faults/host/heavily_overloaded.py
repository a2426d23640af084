"""The machine hardly answers any more."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.load", warning_per_core=0, critical_per_core=0)


FAULT = Fault(
	title="The machine hardly answers any more",
	breaks=breaks,
	check="host.load",
	severity="critical",
)
