"""Let documents name the new name of a record that was renamed past its form."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import HARD_LIMIT, Action, Risk, batch
from recovery_console.core.actions.data._dangling import columns_of, owner_of, place_of
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache, refreshed
from recovery_console.core.checks.data._rows import Place
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Relink(Action):
	"""Replace, in one link field, a name that does not exist any more by the name that the record has now.

	As renaming does: submitted documents are changed, too, because what they say stays the same. The old name must
	not exist, and the new one must.
	"""

	title = _("Put the new name of a record into its links")
	risk = Risk.DISRUPTIVE  # submitted documents change, those of money too
	needs = ("DocType", "DocField", "Custom Field", "Property Setter")
	checks = ("data.dangling_links",)

	#: The field, as DocType and field, such as Bank Transaction.bank_account.
	link: str
	old: str
	new: str
	#: For a link that may name several kinds: which of them.
	target: str = ""
	most: int = HARD_LIMIT

	def plan(self, site: Site) -> Plan:
		place, meta = place_of(site, self.link)
		target = meta.options if meta.fieldtype == "Link" else self.target
		self._look_at_names(site, target)
		t = place.table
		query = (
			site.db.from_(t)
			.select(*[t[name] for name in columns_of(site, place)])
			.where(t[place.field] == self.old)
		)
		if meta.fieldtype == "Dynamic Link":
			query = query.where(t[meta.options] == target)
		rows = site.db.run(query.orderby(t["name"]).limit(HARD_LIMIT))
		return self.planned(
			site,
			_("Rows of {doctype} that are to name {new} instead of {old}: {count}"),
			[self._changed(site, place, row) for row in rows if str(row[place.field]) == self.old],
			most=self.most,
			warnings=[
				_("See that {0} is the same record as {1}, and not another one.").format(self.new, self.old)
			],
			doctype=place.doctype,
			old=self.old,
			new=self.new,
		)

	def _look_at_names(self, site: Site, target: str) -> None:
		if not target or not site.has_doctype(target):
			raise UsageError(
				f"Which kind of document {self.link[:80]} names is not clear; nothing was changed.",
				remedy="Give target, such as Customer.",
			)
		t = table(target)
		rows = site.db.run(site.db.from_(t).select(t["name"]).where(t["name"].isin([self.old, self.new])))
		there = {str(row["name"]) for row in rows}
		if self.old in there:
			raise UsageError(
				f"{target} {self.old[:80]!r} exists; nothing was changed.",
				remedy="To make two records one, merge them.",
			)
		if self.new not in there:
			raise UsageError(
				f"{target} {self.new[:80]!r} does not exist; nothing was changed.",
				remedy="Give the name that the record has now.",
			)

	def _changed(self, site: Site, place: Place, row: dict[str, object]) -> Batch:
		owner = owner_of(place, row)
		edit = changed(place.doctype, row, **{place.field: self.new}, modified=site.ago(timedelta(0)))
		return batch(*owner, *refreshed(document_cache(site, *owner), edit))
