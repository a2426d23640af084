"""A table lost a column, and every page that reads it says so."""

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite

TEXT = traceback(
	"""(1054, "Unknown column 'tabContact.nickname' in 'SELECT'")""", "pymysql.err.OperationalError"
)


def breaks(site: SampleSite) -> None:
	for number in range(25):
		log(site, f"column{number}", site.minutes_ago(70 + number), TEXT, TEXT.splitlines()[-1][:140])


FAULT = Fault(
	title="A known error repeats",
	breaks=breaks,
	check="errors.repeated",
	severity="warning",
	count=25,
	also=("errors.rate",),
	runbook="clear-repeated-errors",
)
