"""One statement is slow each time, says pg_stat_statements."""

from tests.faults import Fault
from tests.faults.database._help import postgres
from tests.faults.database._slow import restarted, run_a_slow_report
from tests.support.sample import SampleSite


def forget(site: SampleSite) -> None:
	with postgres(site).connect(site.db_name) as connection, connection.cursor() as cursor:
		cursor.execute("DROP EXTENSION pg_stat_statements")


def breaks(site: SampleSite) -> None:
	restarted(site, shared_preload_libraries="pg_stat_statements")
	with postgres(site).connect(site.db_name) as connection, connection.cursor() as cursor:
		cursor.execute("CREATE EXTENSION pg_stat_statements")
	postgres(site).on_reset(lambda: forget(site))
	run_a_slow_report(site)


FAULT = Fault(
	title="One statement is slow each time, says pg_stat_statements",
	breaks=breaks,
	check="database.top_statements",
	severity="warning",
	databases=("postgres",),
)
