"""A copy of the backup folder broke off."""

from tests.faults import Fault
from tests.faults.backups._files import dump, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	replace(site, 8, "database.sql.gz", dump("x" * 100_000)[:-4] + b"\xff" * 4)


FAULT = Fault(
	title="An older dump has lost its end",
	breaks=breaks,
	check="backups.sound",
	severity="warning",
	runbook="replace-damaged-backups",
)
