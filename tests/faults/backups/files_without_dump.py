"""Frappe 15 deleted old dumps and left their files."""

from tests.faults import Fault
from tests.faults.backups._files import only, part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (2, 8, 14, 60, 66, 30))
	for hours in (60, 66, 30):  # the last is not old enough to speak of
		part(site, hours, "database.sql.gz").unlink()


FAULT = Fault(
	title="Old backups without their database lie about",
	breaks=breaks,
	check="backups.orphans",
	severity="info",
	count=2,
	runbook="delete-left-over-backups",
)
