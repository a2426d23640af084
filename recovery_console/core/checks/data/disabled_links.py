"""Do drafts name what is switched off?"""

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
class DisabledLinks(Check):
	"""Which drafts cannot be submitted because their customer, supplier, item or bank account is switched off?

	Cost: the drafts among the newest rows of each listed DocType, with a look by name for what they point to.
	"""

	title = _("Drafts with links to disabled records")
	needs = ("DocType", "DocField", "Custom Field", "Property Setter")

	#: Links to follow, each as DocType and field.
	links: str = (
		"Sales Invoice.customer, Sales Order.customer, Delivery Note.customer, Purchase Invoice.supplier,"
		"Purchase Order.supplier, Purchase Receipt.supplier, Payment Entry.party, Payment Entry.bank_account,"
		"Payment Entry.mode_of_payment, Sales Invoice Item.item_code, Sales Order Item.item_code,"
		"Purchase Invoice Item.item_code, Purchase Order Item.item_code"
	)
	window: timedelta = timedelta(days=90)
	#: Not more rows of one DocType are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		switches = {
			link: switch
			for link in links(site, self.links, self.window, self.most)
			for switch in ("enabled", "disabled")  # the last one counts
			if site.has_doctype(link.target, switch)
		}

		def is_off(link: Link, target: DocTable) -> Criterion:
			switch = switches[link]
			return (link.place.table.docstatus == 0) & (target[switch] == int(switch == "disabled"))

		found = counted(site, list(switches), self.window, self.most, is_off)
		for link, count in zip(switches, found, strict=True):
			if not count:
				continue
			target = link.to()
			query = link.rows(site, self.window, self.most, joined=target).where(is_off(link, target))
			rows = site.db.run(query.select(*owner_columns(site, link.place)).limit(MOST_SUBJECTS))
			yield self.warning(
				_("{doctype}: {count} draft rows name a {target} that is disabled."),
				cause=_("The {target} was disabled after the drafts were made. They cannot be submitted."),
				remedy=_(
					"Delete the drafts that are no longer wanted. For the others enable the {target} again, or choose"
					" another one."
				),
				subject=f"{link.place.doctype}.{link.place.field}:{link.target}",
				subjects=owners(link.place, rows),
				count=count,
				doctype=link.place.doctype,
				target=link.target,
			)
