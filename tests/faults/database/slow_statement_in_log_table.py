"""One statement is slow each time, says the slow log in its table."""

from tests.faults import Fault
from tests.faults.database._slow import run_a_slow_report, write_slow_log
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = write_slow_log(site, "TABLE")
	server.admin(f"GRANT SELECT ON mysql.slow_log TO {site.db_name}@'%'")
	server.on_reset(lambda: server.admin(f"REVOKE SELECT ON mysql.slow_log FROM {site.db_name}@'%'"))
	run_a_slow_report(site)


FAULT = Fault(
	title="One statement is slow each time, says the slow log in its table",
	breaks=breaks,
	check="database.top_statements",
	severity="warning",
	databases=("mariadb",),
)
