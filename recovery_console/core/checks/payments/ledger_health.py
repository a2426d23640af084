"""Did ERPNext's own watch over the ledgers find something?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import recent
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LedgerHealth(Check):
	"""Which vouchers did ERPNext's Ledger Health Monitor report?

	Cost: the reports of the window.
	"""

	title = _("Reports of the Ledger Health Monitor")
	needs = ("Ledger Health",)

	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		if not site.single_int("Ledger Health Monitor", "enable_health_monitor"):
			raise NotApplicable(_("The Ledger Health Monitor is not switched on."))
		t = table("Ledger Health")
		voucher = (t.voucher_type, t.voucher_no)
		rows = site.db.run(
			site.db.from_(t)
			.select(
				*voucher,
				fn.Max(t.debit_credit_mismatch).as_("unbalanced"),
				fn.Max(t.general_and_payment_ledger_mismatch).as_("apart"),
			)
			.where(recent(site, t, self.window))
			.groupby(*voucher)
			.orderby(t.voucher_no)
		)
		if rows:
			yield self.warning(
				_("Vouchers that the Ledger Health Monitor reports: {count}."),
				cause=_(
					"Debit and credit differ: {unbalanced}. The general and the payment ledger differ: {apart}. The"
					" monitor keeps a report after the voucher was put right."
				),
				remedy=_(
					"Open each voucher in the General Ledger. Create a Repost Accounting Ledger where debit and credit"
					" differ, and a Repost Payment Ledger where the two ledgers do; delete the report when it is right."
				),
				subjects=[
					(str(row["voucher_type"]), str(row["voucher_no"])) for row in rows[: most_subjects() + 1]
				],
				count=len(rows),
				unbalanced=sum(1 for row in rows if row["unbalanced"]),
				apart=sum(1 for row in rows if row["apart"]),
			)
