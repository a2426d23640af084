"""Does the status of invoices fit what is owed?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import CENT, money, oldest_first, recent, totals
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST_ALONE


@dataclass(frozen=True)
class InvoiceStatus(Check):
	"""Which invoices count as open although nothing is owed, or as paid although something is?

	Cost: the newest submitted invoices of the window, once more where it finds some.
	"""

	title = _("Invoices with the wrong status")
	needs_app = "erpnext"

	window: timedelta = timedelta(days=180)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST_ALONE

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "invoice.outstanding", "invoice.status", "invoice.date"):
			invoice = profile["invoice"].source("i")
			query = invoice.start(site.db).where(recent(site, invoice, self.window, self.most))
			nothing = Fn("ABS", invoice["outstanding"]) < CENT
			wrong = {
				"open": nothing & (invoice["total"] > CENT) & invoice.is_("open"),
				"paid": (invoice["outstanding"] > CENT) & (invoice["status"] == "Paid"),
			}
			if not site.db.count(query.where(wrong["open"] | wrong["paid"])):
				continue
			for kind, condition in wrong.items():
				rows = query.where(condition)
				found = totals(site, rows, invoice["outstanding"], invoice["date"])
				if not found["n"]:
					continue
				yield self.warning(
					_("Invoices that count as open although nothing is owed: {count}.")
					if kind == "open"
					else _("Invoices that count as paid although {amount} is still owed: {count}."),
					cause=_(
						"The status was not computed again when the outstanding amount changed: a program wrote one of"
						" the two past the form. Reminders and collections go by it."
					),
					remedy=_(
						"Look at one invoice's ledger to see which of the two is right. Then create a Repost Payment"
						" Ledger for these invoices: it computes the outstanding amount and the status anew."
					),
					subject=f"{profile.id}:{kind}",
					subjects=oldest_first(site, rows, invoice.role.doctype, invoice["id"], invoice["date"]),
					count=found["n"],
					amount=money(found["amount"]),
				)
