"""Set records back to a state that their kind has."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache, refreshed
from recovery_console.core.checks.data._rows import listed, recent
from recovery_console.core.checks.data.docstatus import Docstatus
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ResetDocstatus(Action):
	"""Let customers, contacts and the like count as ordinary records again that an import submitted or cancelled.

	Only kinds of documents that cannot be submitted are touched.
	"""

	title = _("Set records back to a state that their kind has")
	risk = Risk.REVERSIBLE
	needs = ("DocType",)
	checks = ("data.docstatus",)

	#: Only records of this DocType.
	doctype: str = ""
	#: Only these records; the DocType must be given, too.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=365)
	most: int = 5_000

	def plan(self, site: Site) -> Plan:
		plain = self._plain(site)
		if self.doctype and self.doctype not in plain:
			raise UsageError(
				f"{self.doctype[:80]!r} is no kind that is looked at here; nothing was changed.",
				remedy=f"Choose from: {', '.join(plain)}.",
			)
		if self.names and not self.doctype:
			raise UsageError("Names were given without their DocType.", remedy="Give doctype as well.")
		batches: list[Batch] = []
		for doctype in [self.doctype] if self.doctype else plain:
			batches += self._of(site, doctype)
		return self.planned(
			site,
			_("Records that are to count as ordinary ones: {count}"),
			batches,
			most=self.most,
			warnings=[_("Correct the import or program that wrote this; it will do so again.")]
			if batches
			else (),
		)

	def _of(self, site: Site, doctype: str) -> list[Batch]:
		t = table(doctype)
		query = site.db.from_(t).select(t["name"], t["docstatus"], t["modified"]).where(t.docstatus != 0)
		if self.names:
			query = query.where(t["name"].isin(list(known_names(site, doctype, self.names))))
		else:
			query = query.where(recent(site, t, self.window))
		now = site.ago(timedelta(0))
		return [
			batch(
				doctype,
				row["name"],
				*refreshed(
					document_cache(site, doctype, str(row["name"])),
					changed(doctype, row, docstatus=0, modified=now),
				),
			)
			for row in site.db.run(query.orderby(t["name"]).limit(self.most + 1))
		]

	@staticmethod
	def _plain(site: Site) -> list[str]:
		meta = table("DocType")
		names = listed(site, Docstatus.doctypes)
		query = site.db.from_(meta).select(meta["name"].as_("id")).orderby(meta["name"])
		rows = site.db.run(query.where(meta["name"].isin(names or [""]) & (meta.is_submittable == 0)))
		return [str(row["id"]) for row in rows]
