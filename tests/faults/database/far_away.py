"""The database is far away: each answer takes a while."""

from tests.faults import Fault
from tests.faults.database._help import mariadb, postgres
from tests.support.sample import SampleSite
from tests.support.services.slow_way import SlowWay


def breaks(site: SampleSite) -> None:
	config = site.config()
	way = SlowWay(config["db_port"], 0.03)
	server = mariadb(site) if site.database.dialect == "mariadb" else postgres(site)
	server.on_reset(way.close)
	site.set_config(db_port=way.port)


FAULT = Fault(
	title="The database is far away: each answer takes a while",
	breaks=breaks,
	check="database.latency",
	severity="warning",
	databases=("mariadb", "postgres"),
)
