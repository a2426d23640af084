"""The database program was not found, the rest of the backup went on."""

from tests.faults import Fault
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	part(site, 2, "database.sql.gz").unlink()


FAULT = Fault(
	title="The newest backup lacks the database",
	breaks=breaks,
	check="backups.complete",
	severity="warning",
)
