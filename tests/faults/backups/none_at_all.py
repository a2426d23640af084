"""The timer was never set up."""

from tests.faults import Fault
from tests.faults.backups._files import only
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, ())


FAULT = Fault(
	title="There is no backup at all",
	breaks=breaks,
	check="backups.age",
	severity="critical",
	runbook="take-backup",
)
