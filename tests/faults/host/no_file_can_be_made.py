"""The disk can hold no further file, though space is left."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.inodes", warning_share=0, critical_share=0)


FAULT = Fault(
	title="The disk can hold no further file, though space is left",
	breaks=breaks,
	check="host.inodes",
	severity="critical",
)
