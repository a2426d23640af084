"""Are invoices paid more than once?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import CENT, money, oldest_first, recent, totals
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import day
from recovery_console.core.window import NEWEST_ALONE


@dataclass(frozen=True)
class Overpaid(Check):
	"""On which invoices has more been paid or credited than was owed?

	Cost: the newest submitted invoices of the window.
	"""

	title = _("Invoices paid more than once")
	needs = ("Sales Invoice",)
	explained_by = ("payments.duplicates",)

	window: timedelta = timedelta(days=180)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST_ALONE

	def run(self, site: Site) -> Answer:
		for doctype in ("Sales Invoice", "Purchase Invoice"):
			if not site.has_doctype(doctype, "outstanding_amount", "is_return"):
				continue
			t = table(doctype)
			query = site.db.from_(t).where(
				(t.docstatus == 1)
				& (t.is_return == 0)
				& (t.grand_total > 0)
				& (t.outstanding_amount < -CENT)
				& recent(site, t, self.window, self.most)
			)
			found = totals(site, query, t.outstanding_amount, t.posting_date)
			if found["n"]:
				yield self.warning(
					_("Invoices on which more was paid or credited than was owed: {count}."),
					cause=_(
						"They are {surplus} below zero in all: a payment and a credit note, or two payments, were set"
						" against the same invoice."
					),
					remedy=_(
						"Open each invoice's ledger, and undo the allocation that is too much with Unreconcile Payment;"
						" pay the money back or set it against another invoice. The oldest is of {oldest}."
					),
					subject=doctype,
					subjects=oldest_first(site, query, doctype, t["name"], t.posting_date),
					count=found["n"],
					surplus=-money(found["amount"]),
					oldest=day(found["oldest"]),
				)
