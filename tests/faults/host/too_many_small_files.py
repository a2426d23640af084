"""Small files have used up the inodes of the disk."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.inodes", warning_share=0, critical_share=2)


FAULT = Fault(
	title="Small files have used up the inodes of the disk",
	breaks=breaks,
	check="host.inodes",
	severity="warning",
)
