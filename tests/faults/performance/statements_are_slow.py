"""The database counts slow statements all the time."""

from tests.faults import Fault
from tests.faults.database._help import connect
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "performance.slow_queries", at_least=30)
	connection = connect(site)
	with connection.cursor() as cursor:
		cursor.execute("SET SESSION long_query_time = 0")
		for _number in range(40):
			cursor.execute("SELECT COUNT(*) FROM `tabPatch Log`")
	connection.close()


FAULT = Fault(
	title="Statements are slow",
	breaks=breaks,
	check="performance.slow_queries",
	severity="warning",
	databases=("mariadb",),
)
