"""Delete shares, comments, versions and tasks of documents that are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.meta import aliased
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site

#: DocType, and the fields that hold its document's DocType and name.
KINDS = {
	"DocShare": ("share_doctype", "share_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"Version": ("ref_doctype", "docname"),
	"ToDo": ("reference_type", "reference_name"),
}
Key = tuple[str, str]


@dataclass(frozen=True)
class DeleteOrphanedActivity(Action):
	"""Delete shares, comments, versions and tasks that belong to documents which do not exist any more.

	Every deleted row is kept whole in the record of the run and can be brought back. What belongs to a document that
	can be restored from Deleted Document is left.
	"""

	title = _("Delete what belongs to documents that are gone")
	risk = Risk.REVERSIBLE
	checks = ("data.orphaned_activity",)

	#: Only these of DocShare, Comment, Version and ToDo.
	doctypes: tuple[str, ...] = ()
	window: timedelta = timedelta(days=90)
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		wrong = [name for name in self.doctypes if name not in KINDS]
		if wrong:
			raise UsageError(
				f"{wrong[0][:80]!r} is not deleted here; nothing was changed.",
				remedy=f"Choose from: {', '.join(KINDS)}.",
			)
		groups: dict[Key, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
		for doctype in self.doctypes or KINDS:
			if site.has_doctype(doctype, *KINDS[doctype]):
				for key, row in self._orphans(site, doctype):
					groups[key].append((doctype, row))
		kept = restorable(site, groups)
		batches: list[Batch] = [
			batch(*key, *[deleted(doctype, row) for doctype, row in rows], why=_("It does not exist."))
			for key, rows in sorted(groups.items())
			if key not in kept
		]
		why = _("It can be restored from Deleted Document.")
		return self.planned(
			site,
			_("Shares, comments, versions and tasks to delete: {rows}, of documents that are gone: {count}"),
			batches,
			most=self.most,
			left_out=[LeftOut(Subject(*key), why) for key in sorted(kept)[:SHOWN]],
			rows=sum(len(one.edits) for one in batches[: self.most]),
		)

	def _orphans(self, site: Site, doctype: str) -> Iterator[tuple[Key, dict[str, Any]]]:
		kind_field, name_field = KINDS[doctype]
		t, since = table(doctype), site.ago(self.window)
		lately = (t["creation"] >= since) & (t["modified"] >= since)
		kinds = site.db.run(site.db.from_(t).select(t[kind_field].as_("kind")).where(lately).distinct())
		for kind in sorted(str(row["kind"] or "") for row in kinds):
			if not kind or not site.has_doctype(kind):
				continue
			target = aliased(kind, "document")
			query = site.db.from_(t).left_join(target).on(target["name"] == t[name_field])
			query = query.where(
				lately & (t[kind_field] == kind) & (t[name_field] != "") & target["name"].isnull()
			)
			rows = site.db.run(query.select(t["name"]).orderby(t["name"]).limit(self.most))
			found = site.db.from_(t).where(t["name"].isin([row["name"] for row in rows] or [""]))
			for row in whole_rows(site, found.orderby(t["name"])):
				yield (kind, str(row[name_field])), row


def restorable(site: Site, keys: Any) -> set[Key]:
	"""Return those of some documents, by DocType and name, that wait to be restored."""
	if not site.has_doctype("Deleted Document", "deleted_name", "deleted_doctype", "restored"):
		return set()
	t = table("Deleted Document")
	wanted = set(keys)
	names = sorted({name for _kind, name in wanted})
	found: set[Key] = set()
	for start in range(0, len(names), 500):
		query = site.db.from_(t).select(t.deleted_doctype, t.deleted_name).where(t.restored == 0)
		for row in site.db.run(query.where(t.deleted_name.isin(names[start : start + 500]))):
			found.add((str(row["deleted_doctype"]), str(row["deleted_name"])))
	return found & wanted
