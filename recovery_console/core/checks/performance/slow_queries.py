"""Does the database count many slow statements?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_STATUS = """SHOW GLOBAL STATUS WHERE Variable_name IN
	('Slow_queries', 'Questions', 'Uptime_since_flush_status')"""
_VARIABLES = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('long_query_time', 'slow_query_log')"


@dataclass(frozen=True)
class SlowQueries(Check):
	"""Does the database server count slow statements all the time?

	Cost: one read of MariaDB's counters, which hold for the whole server since its start.
	"""

	title = _("Slow statements")
	explained_by = (
		*("database.long_queries", "database.waiting", "database.buffer_pool", "database.missing_indexes"),
		*("host.load", "performance.slow_methods"),
	)

	#: On average, since the counters began …
	per_hour: float = 20.0
	#: … and at least so many in all.
	at_least: int = 100

	def run(self, site: Site) -> Answer:
		if site.db.dialect != "mariadb":
			raise NotApplicable(_("Only MariaDB counts slow statements by itself."))
		status = {row["Variable_name"]: float(row["Value"]) for row in site.db.sql(_STATUS)}
		variables = {row["Variable_name"]: str(row["Value"]) for row in site.db.sql(_VARIABLES)}
		slow = int(status["Slow_queries"])
		hours = max(status["Uptime_since_flush_status"] / 3600, 1.0)
		yield self.measure(slow_queries=slow, slow_queries_per_hour=round(slow / hours, 2))
		if slow < self.at_least or slow / hours < self.per_hour:
			return
		logged = variables.get("slow_query_log") == "ON"
		yield self.warning(
			_("Statements that took longer than {limit_seconds} s: {slow}, which is {per_hour} an hour."),
			cause=_(
				"They are counted for the whole database server, over the last {hours} hours. Each keeps a page or a job"
				" waiting, and the processor or disk busy."
			),
			remedy=_(
				"The statements stand in the slow query log of the server; those that repeat need an index."
			)
			if logged
			else _(
				"The slow query log is off, so nobody knows which they are. Have it turned on for a day"
				" (`SET GLOBAL slow_query_log = ON`, by the administrator of the database) and read what repeats."
			),
			subjects=[("Database", str(site.config.get("db_name")))],
			count=1,
			slow=slow,
			per_hour=round(slow / hours, 1),
			hours=round(hours, 1),
			limit_seconds=float(variables.get("long_query_time") or 10),
			statements=int(status["Questions"]),
			log_on=logged,
		)
