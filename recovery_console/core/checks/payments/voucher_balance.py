"""Do the books balance?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import differ, money, recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class VoucherBalance(Check):
	"""Are debit and credit of every voucher that was booked lately the same?

	Cost: groups the ledger entries made within the window by voucher.
	"""

	title = _("Vouchers out of balance")
	needs = ("GL Entry",)
	explained_by = ("payments.accounting_jobs_failed", "payments.accounting_jobs_stuck")

	#: Differences below come from rounding; ERPNext itself writes larger ones to the round-off account.
	tolerance: float = 0.05
	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		t = table("GL Entry")
		debit, credit = fn.Sum(t.debit), fn.Sum(t.credit)
		rows = site.db.run(
			site.db.from_(t)
			.select(t.voucher_type, t.voucher_no, debit.as_("debit"), credit.as_("credit"))
			.where((t.is_cancelled == 0) & recent(site, t, self.window))
			.groupby(t.voucher_type, t.voucher_no)
			.having(differ(debit, credit, self.tolerance))
			.orderby(t.voucher_no)
		)
		yield self.measure(unbalanced_vouchers=len(rows))
		if rows:
			yield self.critical(
				_("Vouchers whose debit is not their credit: {count}."),
				cause=_(
					"Ledger entries are missing, doubled or changed: the differences come to {difference}. Balance"
					" sheet and trial balance are wrong by it, and the period cannot be closed."
				),
				remedy=_(
					"Open the General Ledger filtered by each voucher and see which entry is missing or stands twice."
					" Then create a Repost Accounting Ledger for the vouchers, or cancel and amend them. Take a backup"
					" first, and do not write into the ledger by hand."
				),
				subjects=[(str(row["voucher_type"]), str(row["voucher_no"])) for row in rows],
				count=len(rows),
				difference=money(
					sum(abs(float(row["debit"] or 0) - float(row["credit"] or 0)) for row in rows)
				),
			)
