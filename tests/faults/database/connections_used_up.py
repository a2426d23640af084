"""The server has hardly a connection left."""

from tests.faults import Fault
from tests.faults.database._help import open_connections
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	limit = 151 if site.database.dialect == "mariadb" else 97
	open_connections(site, int(limit * 0.95) - 1)


FAULT = Fault(
	title="The server has hardly a connection left",
	breaks=breaks,
	check="database.connections",
	severity="critical",
	databases=("mariadb", "postgres"),
	blinds=True,
)
