"""The timer was lost when the machine was moved."""

from tests.faults import Fault
from tests.faults.backups._files import only
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (30, 36, 42))


FAULT = Fault(
	title="The newest backup is older than a day",
	breaks=breaks,
	check="backups.age",
	severity="warning",
	also=("backups.schedule",),
	runbook="take-backup",
)
