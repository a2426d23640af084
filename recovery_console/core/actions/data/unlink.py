"""Empty links to documents that do not exist."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import HARD_LIMIT, Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.actions.data._dangling import columns_of, owner_of, place_of
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache, refreshed
from recovery_console.core.checks.data._rows import Place
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.meta import aliased
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Unlink(Action):
	"""Empty one optional link field where it names a document that does not exist.

	Submitted documents are left alone, and so are fields that must be filled: there the document must come back, or
	another be chosen.
	"""

	title = _("Empty links to what does not exist")
	risk = Risk.REVERSIBLE
	needs = ("DocType", "DocField", "Custom Field", "Property Setter")
	checks = ("data.dangling_links",)

	#: The field, as DocType and field, such as Contact.user.
	link: str
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		place, meta = place_of(site, self.link)
		if meta.fieldtype != "Link" or not site.has_doctype(meta.options):
			raise UsageError(
				f"{self.link[:80]} may name several kinds of documents; nothing was changed.",
				remedy="Correct these rows in their forms.",
			)
		if self._required(site, place):
			raise UsageError(
				f"{self.link[:80]} must be filled; nothing was changed.",
				remedy="Restore what it names from Deleted Document, or put in another one.",
			)
		t, target = place.table, aliased(meta.options, "target")
		query = site.db.from_(t).left_join(target).on(target["name"] == t[place.field])
		query = query.where((t[place.field] != "") & target["name"].isnull() & (t["docstatus"] < 2))
		columns = [t[name] for name in columns_of(site, place)]
		rows = site.db.run(query.select(*columns).orderby(t["name"]).limit(HARD_LIMIT))
		why = _("It is submitted: what it says must not change.")
		return self.planned(
			site,
			_("Rows of {doctype} in which {field} is to be emptied: {count}"),
			[self._emptied(site, place, row) for row in rows if not row["docstatus"]],
			most=self.most,
			left_out=[LeftOut(Subject(*owner_of(place, row)), why) for row in rows if row["docstatus"]][
				:SHOWN
			],
			doctype=place.doctype,
			field=place.field,
		)

	@staticmethod
	def _required(site: Site, place: Place) -> bool:
		for source, owner in (("DocField", "parent"), ("Custom Field", "dt")):
			t = table(source)
			field = (t[owner] == place.doctype) & (t.fieldname == place.field)
			must = t.reqd == 1
			if site.has_doctype(source, "mandatory_depends_on"):
				must = must | (t.mandatory_depends_on != "")
			if site.db.count(site.db.from_(t).where(field & must)):
				return True
		t = table("Property Setter")
		set_so = (t.doc_type == place.doctype) & (t.field_name == place.field) & (t.property == "reqd")
		return bool(site.db.count(site.db.from_(t).where(set_so & (t.value == "1"))))

	@staticmethod
	def _emptied(site: Site, place: Place, row: dict[str, object]) -> Batch:
		owner = owner_of(place, row)
		edit = changed(place.doctype, row, **{place.field: None}, modified=site.ago(timedelta(0)))
		return batch(*owner, *refreshed(document_cache(site, *owner), edit))
