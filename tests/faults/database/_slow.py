"""A slow report, and servers that write down what statements cost."""

from __future__ import annotations

from tests.faults.database._help import connect, mariadb, postgres
from tests.support.sample import SampleSite
from tests.support.services import MariaDB, Postgres
from tests.support.thresholds import set_threshold

CALLS = 10
SECRET = "Anna Bakker"


def run_a_slow_report(site: SampleSite) -> None:
	"""Run one statement ten times, each time with another value, each time a tenth of a second long."""
	set_threshold(site, "database.top_statements", average="0.1 s")
	sleep = "pg_sleep(0.12)" if site.database.dialect == "postgres" else "SLEEP(0.12)"
	connection = connect(site)
	with connection.cursor() as cursor:
		if site.database.dialect == "mariadb":
			cursor.execute("SET SESSION long_query_time = 0")
		for number in range(CALLS):
			statement = f"SELECT {sleep}, COUNT(*) FROM `tabPatch Log` WHERE owner = '{SECRET} {number}'"
			cursor.execute(site.database.translate(statement))
	connection.close()


def restarted(site: SampleSite, **config: str) -> MariaDB | Postgres:
	"""Start the site's server again with other settings, until the site is restored."""
	server = mariadb(site) if site.database.dialect == "mariadb" else postgres(site)
	usual = dict(server.config)

	def start(settings: dict[str, str]) -> None:
		server.stop()
		server.config = settings
		server.start()

	server.on_reset(lambda: start(usual))
	start(usual | config)
	site.close()
	return server


def write_slow_log(site: SampleSite, output: str) -> MariaDB:
	"""Switch the slow log on, as a table or as a file."""
	server = mariadb(site)
	server.admin(f"SET GLOBAL log_output = '{output}'", "SET GLOBAL slow_query_log = ON")
	server.on_reset(
		lambda: server.admin(
			"SET GLOBAL slow_query_log = OFF",
			"SET GLOBAL log_output = 'FILE'",
			"TRUNCATE TABLE mysql.slow_log",
		)
	)
	return server
