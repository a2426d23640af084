"""The disk was full when the last backup was written."""

from tests.faults import Fault
from tests.faults.backups._files import replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	replace(site, 2, "database.sql.gz", b"")


FAULT = Fault(
	title="The newest database dump is empty",
	breaks=breaks,
	check="backups.sound",
	severity="critical",
	runbook="replace-damaged-backups",
)
