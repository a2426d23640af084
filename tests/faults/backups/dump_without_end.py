"""mysqldump was killed: gzip ended its file properly all the same."""

from tests.faults import Fault
from tests.faults.backups._files import dump, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	replace(site, 2, "database.sql.gz", dump("CREATE TABLE `__Auth` (\nINSERT INTO", ended=False))


FAULT = Fault(
	title="The newest dump breaks off in the middle",
	breaks=breaks,
	check="backups.contents",
	severity="critical",
)
