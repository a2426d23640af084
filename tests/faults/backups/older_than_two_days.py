"""Backups are made by hand, and nobody did."""

from tests.faults import Fault
from tests.faults.backups._files import only
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (48, 54))


FAULT = Fault(
	title="The newest backup is two days old",
	breaks=breaks,
	check="backups.age",
	severity="critical",
	runbook="take-backup",
)
