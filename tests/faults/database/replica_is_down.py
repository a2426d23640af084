"""The server that holds the copy is down; the site still reads from it."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.services import free_port


def breaks(site: SampleSite) -> None:
	site.set_config(read_from_replica=1, replica_host="127.0.0.1", replica_db_port=free_port())


FAULT = Fault(
	title="The server of the copy that the site reads from is down",
	breaks=breaks,
	check="database.replica",
	severity="critical",
	databases=("mariadb", "postgres"),
)
