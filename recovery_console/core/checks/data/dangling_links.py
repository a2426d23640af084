"""Do documents point to what does not exist?"""

from __future__ import annotations

from datetime import timedelta

from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._links import Link, counted, links
from recovery_console.core.checks.data._rows import owner_columns, owners
from recovery_console.core.finding import MOST_SUBJECTS, _
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST


@dataclass(frozen=True)
class DanglingLinks(Check):
	"""Which documents made of late name a customer, an invoice or another document that does not exist?

	Cost: the newest rows of each listed DocType, with a look by name for what they point to.
	"""

	title = _("Links to documents that do not exist")
	needs = ("DocType", "DocField", "Custom Field", "Property Setter")

	#: Links to follow, each as DocType and field.
	links: str = (
		"Sales Invoice.customer, Sales Invoice.debit_to, Sales Invoice.return_against, Sales Invoice Item.item_code,"
		"Sales Order.customer, Delivery Note.customer, Purchase Invoice.supplier, Purchase Order.supplier,"
		"Payment Entry.party, Payment Entry.paid_from, Payment Entry.paid_to,"
		"Payment Entry Reference.reference_name, Bank Transaction.bank_account,"
		"Bank Transaction Payments.payment_entry, Payment Request.reference_name, Contact.user"
	)
	window: timedelta = timedelta(days=30)
	#: Not more rows of one DocType are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		followed = list(links(site, self.links, self.window, self.most))
		found = counted(site, followed, self.window, self.most, self._is_broken)
		for link, count in zip(followed, found, strict=True):
			if not count:
				continue
			target = link.to()
			query = link.rows(site, self.window, self.most, joined=target).where(
				self._is_broken(link, target)
			)
			rows = site.db.run(query.select(*owner_columns(site, link.place)).limit(MOST_SUBJECTS))
			yield self.warning(
				_("{doctype}: {count} rows name a {target} that does not exist."),
				cause=_(
					"The {target} was deleted or renamed past its form, or the rows were written by a program that does"
					" not check links ({field}). Saving or submitting such a document ends in the error that it could"
					" not find the {target}."
				),
				remedy=_(
					"Look for the {target} under Deleted Document and restore it there; if it was renamed, set the field"
					" {field} to the new name."
				),
				subject=f"{link.place.doctype}.{link.place.field}:{link.target}",
				subjects=owners(link.place, rows),
				count=count,
				doctype=link.place.doctype,
				field=link.place.field,
				target=link.target,
			)

	def _is_broken(self, link: Link, target: DocTable) -> Criterion:
		return target["name"].isnull() & (link.place.table.docstatus < 2)
