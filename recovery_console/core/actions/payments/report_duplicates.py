"""Say what cancelling payments that seem to be booked twice would do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from recovery_console.core.action import Action, Risk
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import money
from recovery_console.core.checks.payments.duplicates import Duplicates
from recovery_console.core.finding import Finding, _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class ReportDuplicates(Action):
	"""List the payments that repeat another one, with what cancelling each would do. Nothing is changed.

	Whether money moved once or twice says only the bank statement; cancelling is the accountant's act.
	"""

	title = _("Say what cancelling doubled payments would do")
	risk = Risk.READ
	needs = ("Payment Entry", "Payment Entry Reference")
	checks = ("payments.duplicates",)

	apart: timedelta = timedelta(days=5)
	window: timedelta = timedelta(days=90)

	def plan(self, site: Site) -> Plan:
		check = Duplicates(apart=self.apart, window=self.window)
		found = [finding for finding in check.run(site) if isinstance(finding, Finding)]
		names = [subject.name for finding in found for subject in finding.subjects]
		columns = ("party_type", "party", "paid_amount", "reference_no", "posting_date", "clearance_date")
		closed = self._closed(site)
		rows = [self._row(site, row, closed) for row in rows_named(site, "Payment Entry", names, columns)]
		return self.planned(
			site,
			_("Nothing is changed. Payments that repeat another one: {repeats}"),
			(),
			repeats=sum(finding.count for finding in found),
			payments=rows,
		)

	def _row(self, site: Site, row: dict[str, Any], closed: date | None) -> dict[str, Any]:
		name, posted = str(row["name"]), day(row["posting_date"])
		lines, invoices = self._bank_lines(site, name), self._invoices(site, name)
		does = [_("reopens {0} with {1}").format(invoice, amount) for invoice, amount in invoices]
		if lines:
			does.append(_("leaves bank lines unmatched: {0}").format(", ".join(lines)))
		if closed and posted and posted <= closed:
			does.append(_("is refused: the books are closed until {0}").format(closed.isoformat()))
		return {
			"payment": name,
			"party": f"{row['party_type']} {row['party']}",
			"amount": money(row["paid_amount"]),
			"reference": str(row["reference_no"] or ""),
			"date": posted.isoformat() if posted else "",
			"bank_lines": lines,
			"cancelling": "; ".join(does) or _("takes back a payment that settles no invoice"),
		}

	@staticmethod
	def _bank_lines(site: Site, name: str) -> list[str]:
		if not site.has_doctype("Bank Transaction Payments", "payment_entry"):
			return []
		t = table("Bank Transaction Payments")
		found = (t.payment_document == "Payment Entry") & (t.payment_entry == name)
		rows = site.db.run(site.db.from_(t).select(t.parent).where(found).orderby(t.parent).limit(10))
		return [str(row["parent"]) for row in rows]

	@staticmethod
	def _invoices(site: Site, name: str) -> list[tuple[str, float]]:
		t = table("Payment Entry Reference")
		query = site.db.from_(t).select(t.reference_name, t.allocated_amount).where(t.parent == name)
		rows = site.db.run(query.where(t.parenttype == "Payment Entry").orderby(t.reference_name).limit(10))
		return [(str(row["reference_name"]), money(row["allocated_amount"])) for row in rows]

	@staticmethod
	def _closed(site: Site) -> date | None:
		"""Return the day until which the books are frozen, where the site says so."""
		return day(site.single("Accounts Settings", "acc_frozen_upto") or None)
