"""Is most of the database old logs?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: What Frappe writes down about its own work.
LOGS = frozenset(
	{
		*(
			"Error Log",
			"Error Snapshot",
			"Activity Log",
			"Access Log",
			"Route History",
			"View Log",
			"Permission Log",
		),
		*(
			"Scheduled Job Log",
			"Email Queue",
			"Email Queue Recipient",
			"Integration Request",
			"Webhook Request Log",
		),
		*("Notification Log", "Prepared Report", "Deleted Document", "Data Import Log", "Submission Queue"),
		*("Version", "API Request Log", "Unhandled Email", "SMS Log", "Event Sync Log", "Recorder"),
	}
)


@dataclass(frozen=True)
class LogTables(Check):
	"""How large is the database, and are most of it logs that nobody reads?

	Cost: the list of tables with their sizes from the statistics, read once for all checks; on SQLite two PRAGMAs.
	"""

	title = _("Size of the database")

	#: Logs are reported when they make up this share of the database …
	share: float = 0.5
	#: … and at least so much.
	at_least_mib: int = 2048

	def run(self, site: Site) -> Answer:
		if site.db.dialect == "sqlite":
			pages = site.db.sql(
				"SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()"
			)
			yield self.measure(total_mib=_server.mib(pages[0]["n"]))
			return
		found = sorted(tables(site), key=lambda item: item.total_bytes, reverse=True)
		total = sum(item.total_bytes for item in found)
		logs = [item for item in found if item.doctype in LOGS and item.total_bytes]
		size = sum(item.total_bytes for item in logs)
		yield self.measure(tables=len(found), total_mib=_server.mib(total), logs_mib=_server.mib(size))
		if not logs or size < self.at_least_mib * _server.MIB or size < total * self.share:
			return
		yield self.warning(
			_("Logs take {percent} % of the database: {logs_mib} of {total_mib} MiB."),
			cause=_(
				"The largest is {largest} with {largest_mib} MiB. Nothing clears it, or it is kept for too long; every"
				" backup and restore carries it along. Sizes are the database's own estimates."
			),
			remedy=_(
				"Set how long each is kept in Log Settings. To clear one now:"
				' `bench --site {site} clear-log-table --doctype "{largest}" --days 30`'
			),
			subjects=[("DocType", item.doctype) for item in logs],
			count=1,
			percent=round(100 * size / total),
			logs_mib=_server.mib(size),
			total_mib=_server.mib(total),
			largest=logs[0].doctype,
			largest_mib=_server.mib(logs[0].total_bytes),
			site=site.name,
		)
