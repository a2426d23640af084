"""The database was set to read-only for maintenance, and left so."""

from tests.faults import Fault
from tests.faults.database._help import postgres
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = postgres(site)
	server.admin(f'ALTER DATABASE "{site.db_name}" SET default_transaction_read_only = on')
	server.on_reset(
		lambda: server.admin(f'ALTER DATABASE "{site.db_name}" RESET default_transaction_read_only')
	)


FAULT = Fault(
	title="The database was set to read-only for maintenance, and left so",
	breaks=breaks,
	check="database.read_only",
	severity="critical",
	databases=("postgres",),
)
