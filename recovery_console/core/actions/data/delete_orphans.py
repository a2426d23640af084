"""Delete rows whose document is gone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from recovery_console.core.action import HARD_LIMIT, Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.actions.data.delete_orphaned_activity import restorable
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.data._rows import listed
from recovery_console.core.checks.data.orphaned_rows import OrphanedRows
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.meta import aliased
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DeleteOrphans(Action):
	"""Delete rows of tables inside documents whose document does not exist any more.

	Every deleted row is kept whole in the record of the run and can be brought back. Rows of a document that can be
	restored from Deleted Document are left: restoring it wants them.
	"""

	title = _("Delete rows whose document is gone")
	risk = Risk.REVERSIBLE
	needs = ("DocType",)
	checks = ("data.orphaned_rows",)

	#: Tables inside documents, such as Contact Email; by default those that the check looks at.
	doctypes: tuple[str, ...] = ()
	most: int = 2_000

	def plan(self, site: Site) -> Plan:
		looked_at = listed(site, OrphanedRows.doctypes)
		wrong = [name for name in self.doctypes if name not in looked_at]
		if wrong:
			raise UsageError(
				f"{wrong[0][:80]!r} is no table inside documents that is looked at here; nothing was changed.",
				remedy=f"Choose from: {', '.join(looked_at)}.",
			)
		groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
		for doctype in self.doctypes or looked_at:
			for row in self._orphans(site, doctype):
				groups[str(row["parenttype"]), str(row["parent"]), doctype].append(row)
		kept = restorable(site, {(kind, parent) for kind, parent, _doctype in groups})
		batches: list[Batch] = []
		for (parenttype, parent, doctype), rows in sorted(groups.items()):
			if (parenttype, parent) not in kept:
				edits = [deleted(doctype, row) for row in rows]
				why = _("{0} {1} does not exist.").format(parenttype, parent)
				batches.append(batch(parenttype, parent, *edits, why=why))
		why = _("It can be restored from Deleted Document, with its rows.")
		return self.planned(
			site,
			_("Rows to delete: {rows}, of documents that are gone: {count}"),
			batches,
			most=self.most,
			left_out=[LeftOut(Subject(*name), why) for name in sorted(kept)[:SHOWN]],
			rows=sum(len(one.edits) for one in batches[: self.most]),
		)

	@staticmethod
	def _orphans(site: Site, doctype: str) -> list[dict[str, Any]]:
		t = table(doctype)
		kinds = site.db.run(site.db.from_(t).select(t.parenttype.as_("kind")).distinct())
		found: list[dict[str, Any]] = []
		for kind in sorted(str(row["kind"] or "") for row in kinds):
			if not kind or not site.has_doctype(kind):
				continue
			child, parent = aliased(doctype, "child"), aliased(kind, "owner")
			query = site.db.from_(child).left_join(parent).on(parent["name"] == child["parent"])
			query = query.select(child["name"]).where((child["parenttype"] == kind) & parent["name"].isnull())
			names = [str(row["name"]) for row in site.db.run(query.orderby(child["name"]).limit(HARD_LIMIT))]
			for start in range(0, len(names), 500):
				page = site.db.from_(t).where(t["name"].isin(names[start : start + 500]))
				found += whole_rows(site, page.orderby(t["parent"]).orderby(t["name"]))
		return found
