"""Half a table was deleted by mistake."""

import random

from tests.faults import Fault
from tests.faults.backups._files import dump, only, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (2, 8, 14))
	for hours, size in ((2, 75_000), (8, 100_000), (14, 100_000)):
		replace(site, hours, "database.sql.gz", dump(random.Random(hours).randbytes(size).hex()))


FAULT = Fault(
	title="The newest backup is a quarter smaller",
	breaks=breaks,
	check="backups.size",
	severity="warning",
)
