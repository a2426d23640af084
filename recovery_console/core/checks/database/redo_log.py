"""Does the database's redo log suit what is written?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MARIADB = """SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_os_log_written', 'Uptime')"""
_SIZE = "SELECT @@innodb_log_file_size AS n"
_VERSION = "SELECT current_setting('server_version_num')::int AS n"
_BEFORE_17 = """SELECT checkpoints_timed AS timed, checkpoints_req AS forced,
	EXTRACT(EPOCH FROM clock_timestamp() - stats_reset) AS seconds FROM pg_stat_bgwriter"""
_SINCE_17 = """SELECT num_timed AS timed, num_requested AS forced,
	EXTRACT(EPOCH FROM clock_timestamp() - stats_reset) AS seconds FROM pg_stat_checkpointer"""


@dataclass(frozen=True)
class RedoLog(Check):
	"""Is the log that the database writes before its data (redo log, WAL) too small for what is written?

	Cost: two statements of constant cost; the counters hold for the whole server since its start.
	"""

	title = _("Size of the redo log")

	#: Counters that began later than this say nothing.
	running_for: timedelta = timedelta(days=1)
	#: MariaDB: the log should hold what is written in half an hour, …
	fills_per_hour: float = 2.0
	#: … where so much is written.
	least_mib_per_hour: int = 256
	#: PostgreSQL: checkpoints are to be made by the clock, not for want of room, in all but this share …
	forced_share: float = 0.5
	#: … of at least so many.
	checkpoints: int = 50

	def run(self, site: Site) -> Answer:
		if _server.only_on(site, "mariadb", "postgres") == "postgres":
			yield from self._postgres(site)
		else:
			yield from self._mariadb(site)

	def _mariadb(self, site: Site) -> Answer:
		counters = {row["Variable_name"]: int(row["Value"]) for row in site.db.sql(_MARIADB)}
		size = int(site.db.sql(_SIZE)[0]["n"])
		per_hour = counters.get("Innodb_os_log_written", 0) / max(counters["Uptime"] / 3600, 1.0)
		yield self.measure(log_mib=_server.mib(size), log_written_mib_per_hour=_server.mib(per_hour))
		if counters["Uptime"] < self.running_for.total_seconds():
			return
		if per_hour >= self.least_mib_per_hour * _server.MIB and per_hour >= size * self.fills_per_hour:
			yield self.warning(
				_("MariaDB's redo log of {log_mib} MiB is filled {fills} times an hour."),
				cause=_(
					"About {written_mib} MiB are written into it each hour, on average since the server started. Each time"
					" it is full, MariaDB must put changed pages on the disk at once, and whoever saves waits."
				),
				remedy=_(
					"Set innodb_log_file_size in MariaDB's configuration to what is written in an hour, at most 2G, and"
					" restart it outside working hours."
				),
				subjects=[("Database", _server.name(site))],
				log_mib=_server.mib(size),
				written_mib=_server.mib(per_hour),
				fills=round(per_hour / size, 1),
			)

	def _postgres(self, site: Site) -> Answer:
		row = site.db.sql(_SINCE_17 if site.db.sql(_VERSION)[0]["n"] >= 170000 else _BEFORE_17)[0]
		forced, total = int(row["forced"]), int(row["forced"]) + int(row["timed"])
		yield self.measure(checkpoints=total, forced_checkpoints=forced)
		if float(row["seconds"] or 0) < self.running_for.total_seconds():
			return
		if total >= self.checkpoints and forced >= total * self.forced_share:
			yield self.warning(
				_(
					"{percent} % of PostgreSQL's checkpoints were made before their time: {forced} of {total}."
				),
				cause=_(
					"What is written between two of them does not fit into max_wal_size, or somebody asks for them. Each one"
					" puts all changed pages on the disk at once, and whoever saves waits."
				),
				remedy=_(
					"Have its administrator double max_wal_size (`ALTER SYSTEM SET max_wal_size = '4GB';` and `SELECT"
					" pg_reload_conf();`), and see whether the share falls."
				),
				subjects=[("Database", _server.name(site))],
				percent=round(100 * forced / total),
				forced=forced,
				total=total,
			)
