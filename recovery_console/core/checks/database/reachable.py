"""Does the site's database let the site in?"""

from __future__ import annotations

import time

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Reachable(Check):
	"""Does the database answer with the site's own credentials, and does it hold Frappe's tables?

	Cost: one connection and two statements of constant cost.
	"""

	title = _("Database reachable")
	explained_by = ("config.readable", "host.disk", "host.memory", "database.connections")

	def run(self, site: Site) -> Answer:
		begun = time.monotonic()
		try:
			has_tables = site.db.has_table("tabDocType")
		except SourceUnavailable as error:
			yield self.critical(
				"{reason}",
				cause=_("Without its database the site serves nothing: no Desk, no portal, no job."),
				remedy="{advice}",
				subjects=[("Database", str(site.config.get("db_name") or site.name))],
				reason=error.reason,
				advice=error.remedy,
				kind=error.kind,
			)
			return
		yield self.measure(answer_ms=round((time.monotonic() - begun) * 1000, 1))
		if not has_tables:
			yield self.critical(
				_("The database {database} is empty: it has no tables of Frappe."),
				cause=_("A restore that ended half-way, a dropped database, or db_name names another one."),
				remedy=_(
					"Compare db_name in site_config.json with the server; restore the last good backup."
				),
				subjects=[("Database", str(site.config.get("db_name")))],
				database=str(site.config.get("db_name")),
			)
