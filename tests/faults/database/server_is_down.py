"""The database server does not run."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.services import free_port


def breaks(site: SampleSite) -> None:
	site.set_config(db_port=free_port(), db_socket=None)


FAULT = Fault(
	title="The database server cannot be reached",
	breaks=breaks,
	check="database.reachable",
	severity="critical",
	blinds=True,
	databases=("mariadb", "postgres"),
)
