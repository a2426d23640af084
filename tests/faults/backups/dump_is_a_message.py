"""A script wrote the program's error message into the dump."""

from tests.faults import Fault
from tests.faults.backups._files import replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	replace(site, 2, "database.sql.gz", b"mysqldump: Got error: 1045: Access denied")


FAULT = Fault(
	title="The newest dump is no gzip file",
	breaks=breaks,
	check="backups.sound",
	severity="critical",
	runbook="replace-damaged-backups",
)
