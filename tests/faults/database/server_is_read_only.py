"""After a failover the site talks to a server that is read-only."""

from tests.faults import Fault
from tests.faults.database._help import mariadb
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = mariadb(site)
	server.admin("SET GLOBAL read_only = 1")
	server.on_reset(lambda: server.admin("SET GLOBAL read_only = 0"))


FAULT = Fault(
	title="After a failover the site talks to a server that is read-only",
	breaks=breaks,
	check="database.read_only",
	severity="critical",
	databases=("mariadb",),
)
