"""Does the outstanding amount of invoices fit the ledger?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import differ, money, named, recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST

#: A discounted invoice is owed to the bank, and its ledger says so.
DISCOUNTED = ("Unpaid and Discounted", "Partly Paid and Discounted", "Overdue and Discounted")


@dataclass(frozen=True)
class InvoiceLedger(Check):
	"""Which invoices say that something else is owed than their entries in the payment ledger come to?

	An invoice without any such entry is not looked at: ERPNext before version 14 made none.

	Cost: the newest submitted invoices of the window, with their entries in the payment ledger.
	"""

	title = _("Invoices that contradict the ledger")
	needs = ("Payment Ledger Entry",)
	needs_app = "erpnext"
	explained_by = ("payments.accounting_jobs_failed", "payments.accounting_jobs_stuck")

	window: timedelta = timedelta(days=60)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		for doctype in ("Sales Invoice", "Purchase Invoice"):
			if not site.has_doctype(doctype, "outstanding_amount"):
				continue
			rows = list(self._contradicting(site, doctype))
			if rows:
				yield self.warning(
					_("Invoices whose outstanding amount is not what the ledger says: {count}."),
					cause=_(
						"The amounts are {difference} apart in all. A payment was booked or undone and the invoice was"
						" not brought up to date: an interrupted job, or a program that wrote past the form."
					),
					remedy=_(
						"Look at one invoice's ledger first. Then create a Repost Payment Ledger for these invoices: it"
						" writes their ledger entries and outstanding amounts anew."
					),
					subject=doctype,
					subjects=named(doctype, rows),
					count=len(rows),
					difference=money(sum(abs(float(row["owed"]) - float(row["ledger"])) for row in rows)),
				)

	def _contradicting(self, site: Site, doctype: str) -> Iterator[dict[str, Any]]:
		invoice, entry = table(doctype), table("Payment Ledger Entry")
		ledger = fn.Sum(entry.amount_in_account_currency)
		query = (
			site.db.from_(invoice)
			.join(entry)
			.on((entry.against_voucher_no == invoice["name"]) & (entry.against_voucher_type == doctype))
			.select(invoice["name"].as_("id"), invoice.outstanding_amount.as_("owed"), ledger.as_("ledger"))
			.where((invoice.docstatus == 1) & (entry.delinked == 0) & invoice.status.notin(list(DISCOUNTED)))
			.where(recent(site, invoice, self.window, self.most))
			.groupby(invoice["name"], invoice.outstanding_amount)
			.having(differ(ledger, invoice.outstanding_amount, 0.05))
			.orderby(invoice["name"])
		)
		yield from site.db.run(query)
