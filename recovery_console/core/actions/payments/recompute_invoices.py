"""Compute the outstanding amount and the status of invoices anew from the payment ledger."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import money
from recovery_console.core.checks.payments.invoice_ledger import DISCOUNTED, InvoiceLedger
from recovery_console.core.checks.payments.invoice_status import InvoiceStatus
from recovery_console.core.edits import Act
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import Finding, Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

DOCTYPES = ("Sales Invoice", "Purchase Invoice")


@dataclass(frozen=True)
class RecomputeInvoices(Action):
	"""Let ERPNext compute outstanding amount and status of invoices anew from the payment ledger.

	The ledger is not changed: it is what counts. Where the ledger itself is wrong, a Repost Payment Ledger is needed.
	An invoice without entries in it is left alone.
	"""

	title = _("Compute what invoices owe anew")
	risk = Risk.DISRUPTIVE
	needs = ("Payment Ledger Entry",)
	needs_app = "erpnext"
	checks = ("payments.invoice_ledger", "payments.invoice_status")

	#: Only these invoices; by default the first that the checks name.
	names: tuple[str, ...] = ()
	most: int = 200

	def plan(self, site: Site) -> Plan:
		wanted = self._given(site) if self.names else self._found(site)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for doctype, name in wanted:
			(row,) = rows_named(site, doctype, [name], ("outstanding_amount", "status", "docstatus"))
			owed = self._ledger(site, doctype, name)
			if owed is None or int(row["docstatus"]) != 1 or row["status"] in DISCOUNTED:
				why = _(
					"It has no entries in the payment ledger, is no submitted invoice, or was discounted."
				)
				left_out.append(LeftOut(Subject(doctype, name), why))
				continue
			act = Act(_("compute anew"), doctype, name, {"doctype": doctype}, frappe=True)
			why = _("{0}, outstanding {1}; the ledger says {2}.").format(
				row["status"], money(row["outstanding_amount"]), owed
			)
			batches.append(batch(doctype, name, act, why=why))
		return self.planned(
			site,
			_("Invoices whose open amount is to be computed anew: {count}"),
			batches,
			most=self.most,
			warnings=[_("Look at the ledger of one of them first: it decides what is owed.")]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)

	def _given(self, site: Site) -> list[tuple[str, str]]:
		found = [
			(doctype, str(row["name"]))
			for doctype in DOCTYPES
			if site.has_doctype(doctype, "outstanding_amount")
			for row in rows_named(site, doctype, self.names, ())
		]
		unknown = set(self.names) - {name for _doctype, name in found}
		if unknown:
			raise UsageError(
				f"{site.name} has no invoice {min(unknown)[:80]!r}; nothing was changed.",
				remedy="Give the names as the finding shows them, or none.",
			)
		return found

	@staticmethod
	def _found(site: Site) -> list[tuple[str, str]]:
		found: list[Any] = []
		for check in (InvoiceLedger(), InvoiceStatus()):
			try:
				found += [item for item in check.run(site) if isinstance(item, Finding)]
			except NotApplicable:
				continue
		pairs = [(subject.doctype, subject.name) for finding in found for subject in finding.subjects]
		return [pair for pair in dict.fromkeys(pairs) if pair[0] in DOCTYPES]

	@staticmethod
	def _ledger(site: Site, doctype: str, name: str) -> float | None:
		"""Return what the payment ledger says is owed; None where it has nothing on the invoice."""
		t = table("Payment Ledger Entry")
		entries = (t.against_voucher_type == doctype) & (t.against_voucher_no == name) & (t.delinked == 0)
		(row,) = site.db.run(
			site.db.from_(t)
			.select(fn.Count("*").as_("n"), fn.Sum(t.amount_in_account_currency).as_("owed"))
			.where(entries)
		)
		return money(row["owed"]) if row["n"] else None
