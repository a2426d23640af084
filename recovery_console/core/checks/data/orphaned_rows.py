"""Are there rows whose document is gone?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._rows import listed
from recovery_console.core.finding import MOST_SUBJECTS, _
from recovery_console.core.meta import aliased
from recovery_console.core.site import Site


@dataclass(frozen=True)
class OrphanedRows(Check):
	"""Which rows of tables inside documents are left although their document is gone?

	Asked on request only.

	Cost: walks through each listed table once, with a look by name for the document of each row.
	"""

	title = _("Rows without their document")
	needs = ("DocType",)
	on_request = True
	budget: ClassVar[timedelta] = timedelta(seconds=20)  # tables inside documents have no index on time

	doctypes: str = (
		"Sales Invoice Item, Purchase Invoice Item, Sales Order Item, Payment Entry Reference,"
		"Bank Transaction Payments, Dynamic Link, Contact Email, Contact Phone, Portal User, Has Role,"
		"Direct Debit Batch Invoice, Journal Entry Account"
	)

	def run(self, site: Site) -> Answer:
		for doctype in listed(site, self.doctypes):
			for parenttype in self._parents(site, doctype):
				child, parent = table(doctype), aliased(parenttype, "parent_document")
				query = (
					site.db.from_(child)
					.left_join(parent)
					.on(parent["name"] == child.parent)
					.where((child.parenttype == parenttype) & parent["name"].isnull())
				)
				count = site.db.count(query)
				if not count:
					continue
				rows = site.db.run(query.select(child.parent.as_("id")).distinct().limit(MOST_SUBJECTS))
				yield self.warning(
					_("{doctype}: {count} rows are left of documents ({parenttype}) that are gone."),
					cause=_(
						"The documents were deleted past Frappe, or a deletion was interrupted. Reports that read the"
						" rows alone still count them, and they stand in the way of deleting what they point to."
					),
					remedy=_(
						"See under Deleted Document whether the documents should come back: restoring one brings its rows"
						" with it. Otherwise have the rows deleted by a database administrator, after a backup."
					),
					subject=f"{doctype}:{parenttype}",
					subjects=[(parenttype, str(row["id"])) for row in rows],
					count=count,
					doctype=doctype,
					parenttype=parenttype,
				)

	def _parents(self, site: Site, doctype: str) -> Iterator[str]:
		"""Yield the DocTypes that the rows belong to and that have tables; a single one has none."""
		t = table(doctype)
		rows = site.db.run(site.db.from_(t).select(t.parenttype.as_("kind")).distinct())
		for kind in sorted(str(row["kind"] or "") for row in rows):
			if kind and site.has_doctype(kind):
				yield kind
