"""The configuration leaves tables out of every backup."""

from tests.faults import Fault
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for hours in (2, 8, 14):
		whole = part(site, hours, "database.sql.gz")
		whole.rename(part(site, hours, "partial-database.sql.gz"))


FAULT = Fault(
	title="All backups are partial",
	breaks=breaks,
	check="backups.age",
	severity="critical",
	runbook="take-backup",
)
