"""The clock of the database's machine is an hour ahead."""

from tests.faults import Fault
from tests.faults.database._help import mariadb
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = mariadb(site)
	server.admin("SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 3600'")
	server.on_reset(lambda: server.admin("SET GLOBAL init_connect = ''"))


FAULT = Fault(
	title="The clock of the database's machine is an hour ahead",
	breaks=breaks,
	check="host.clock",
	severity="warning",
	databases=("mariadb",),
	subjects=("database",),
)
