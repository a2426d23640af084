"""An error wrote a log entry per second."""

import random

from tests.faults import Fault
from tests.faults.backups._files import dump, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for hours, size in ((2, 210_000), (8, 100_000), (14, 100_000)):
		replace(site, hours, "database.sql.gz", dump(random.Random(hours).randbytes(size).hex()))


FAULT = Fault(
	title="The newest backup is more than twice as large",
	breaks=breaks,
	check="backups.size",
	severity="warning",
)
