"""Are payments not set against invoices?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import CENT, oldest_first, recent, totals
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class PaymentsUnallocated(Check):
	"""Which customers paid, yet their unpaid invoices do not know of it?

	A payment in advance is nobody's mistake: only customers who owe something at the same time count.

	Cost: the submitted payments made within the window that are not used up, and the open invoices of a year; once
	more where it finds some.
	"""

	title = _("Payments not set against invoices")

	#: Younger payments may still be waiting for somebody to allocate them.
	older_than: timedelta = timedelta(days=14)
	window: timedelta = timedelta(days=180)
	#: An invoice made earlier is not looked for.
	invoices: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		wanted = ("payment.unallocated", "payment.party", "payment.date", "invoice.outstanding")
		for profile in profiles_with(site, *wanted, "invoice.customer"):
			payment = profile["payment"].source("p")
			invoice = profile["invoice"].source("i")
			owing = (
				invoice.start(site.db)
				.select(invoice["customer"])
				.where((invoice["outstanding"] > CENT) & recent(site, invoice, self.invoices))
			)
			query = payment.start(site.db).where(
				recent(site, payment, self.window)
				& (payment["unallocated"] > CENT)
				& (payment["date"] < site.ago(self.older_than).date())
				& (payment["payment_type"] == "Receive")
				& payment["party"].isin(owing)
			)
			found = totals(site, query, payment["unallocated"], payment["date"])
			yield self.measure(unallocated_payments=found["n"], unallocated_amount=found["amount"])
			if found["n"]:
				yield self.warning(
					_("Payments of customers with open invoices that are set against none: {count}."),
					cause=_(
						"The payments, {amount} in all, were booked without saying which invoice they settle. The"
						" customers count as debtors and are reminded although they paid."
					),
					remedy=_(
						"Open Payment Reconciliation for each customer, get the unreconciled entries, and allocate the"
						" payments to the invoices. The oldest is of {oldest}."
					),
					subject=profile.id,
					subjects=oldest_first(site, query, payment.role.doctype, payment["id"], payment["date"]),
					count=found["n"],
					amount=found["amount"],
					oldest=day(found["oldest"]),
				)
