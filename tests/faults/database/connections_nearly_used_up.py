"""The server has four fifths of its connections in use."""

from tests.faults import Fault
from tests.faults.database._help import open_connections
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	limit = 151 if site.database.dialect == "mariadb" else 97
	open_connections(site, int(limit * 0.8) + 2)


FAULT = Fault(
	title="The server has four fifths of its connections in use",
	breaks=breaks,
	check="database.connections",
	severity="warning",
	databases=("mariadb", "postgres"),
)
