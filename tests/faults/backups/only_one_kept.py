"""Backups are made once a day, and older ones deleted before."""

from tests.faults import Fault
from tests.faults.backups._files import only
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (2,))


FAULT = Fault(
	title="Only one backup is kept",
	breaks=breaks,
	check="backups.retention",
	severity="warning",
	runbook="keep-more-backups",
)
