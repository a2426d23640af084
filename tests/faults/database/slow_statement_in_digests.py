"""One statement is slow each time, says performance_schema."""

from tests.faults import Fault
from tests.faults.database._slow import restarted, run_a_slow_report
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = restarted(site, performance_schema="ON")
	server.admin(f"GRANT SELECT ON performance_schema.* TO {site.db_name}@'%'")
	server.on_reset(lambda: server.admin(f"REVOKE SELECT ON performance_schema.* FROM {site.db_name}@'%'"))
	run_a_slow_report(site)


FAULT = Fault(
	title="One statement is slow each time, says performance_schema",
	breaks=breaks,
	check="database.top_statements",
	severity="warning",
	databases=("mariadb",),
)
