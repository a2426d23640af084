"""The binary log is on and nothing ever removes it."""

from tests.faults import Fault
from tests.faults.database._help import mariadb
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = mariadb(site)
	usual = dict(server.config)

	def restart(config: dict[str, str]) -> None:
		server.stop()
		server.config = config
		server.start()

	site.close()
	restart({key: value for key, value in usual.items() if key != "skip-log-bin"} | {"log-bin": "binlog"})
	server.on_reset(lambda: restart(usual))


FAULT = Fault(
	title="The binary log is on and nothing ever removes it",
	breaks=breaks,
	check="database.binary_log",
	severity="warning",
	databases=("mariadb",),
)
