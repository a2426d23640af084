"""The disk was too full for the last two backups."""

from tests.faults import Fault
from tests.faults.backups._files import only
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (13.5, 19.5, 25.5, 31.5))


FAULT = Fault(
	title="Backups stopped coming",
	breaks=breaks,
	check="backups.schedule",
	severity="warning",
)
