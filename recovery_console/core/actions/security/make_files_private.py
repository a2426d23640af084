"""Move confidential files out of the public folder."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import left_alone, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.security._confidential import PRIVATE_FILES
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MakeFilesPrivate(Action):
	"""Tick Is Private in public files of payments, salaries, invoices and imports; Frappe moves them and their links."""

	title = "Make confidential files private"
	risk = Risk.DISRUPTIVE
	needs = ("File",)
	checks = ("security.public_files",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=30)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		rows = (
			users_named(site, self.names, "is_private", doctype="File") if self.names else self._found(site)
		)
		return self.planned(
			site,
			_("Files to make private: {count}"),
			[
				batch("File", row["name"], saved("File", row, is_private=1))
				for row in rows
				if not row["is_private"]
			],
			most=self.most,
			warnings=[_("Links to them that were sent by mail stop working for whoever is not logged in.")],
			left_out=left_alone(
				"File", (str(row["name"]) for row in rows if row["is_private"]), _("It is private already.")
			),
		)

	def _found(self, site: Site) -> list[dict[str, object]]:
		t, since = table("File"), site.ago(self.window)
		where = (t.creation >= since) & (t.modified >= since) & (t.is_private == 0)
		query = site.db.from_(t).select(t["name"], t.is_private).where(where)
		return site.db.run(
			query.where(t.attached_to_doctype.isin(PRIVATE_FILES)).orderby(t["name"]).limit(self.most + 1)
		)
