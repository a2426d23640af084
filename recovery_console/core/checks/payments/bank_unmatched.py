"""Do bank lines wait to be matched?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import CENT, first_and_totals, recent
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class BankUnmatched(Check):
	"""Which bank lines have money on them that is matched with no payment, long after the bank sent them?

	Cost: the submitted bank lines that came in within the window, once more where many of them wait.
	"""

	title = _("Bank lines without a payment")

	#: Older lines should have been matched.
	older_than: timedelta = timedelta(days=14)
	#: Lines that came in earlier are the business of the year-end, not of a daily look.
	window: timedelta = timedelta(days=180)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "bank_tx.unallocated", "bank_tx.date"):
			line = profile["bank_tx"].source("t")
			limit = site.ago(self.older_than).date()
			query = line.start(site.db).where(
				recent(site, line, self.window)
				& (Fn("ABS", line["unallocated"]) > CENT)
				& (line["date"] < limit)
			)
			found = first_and_totals(site, query, line["id"], line["unallocated"], line["date"])
			yield self.measure(unmatched_bank_lines=found["n"], unmatched_amount=found["amount"])
			if found["n"]:
				yield self.warning(
					_("Bank lines that are not matched with payments after {days} days: {count}."),
					cause=_(
						"Money went over the bank, {amount} in all, and the books do not say what for. Who paid may"
						" still be reminded, and the balance of the bank account differs from the bank's."
					),
					remedy=_(
						"Open the Bank Reconciliation Tool for the bank account and match the lines from {oldest} on;"
						" make the payments that are missing from there."
					),
					subject=profile.id,
					subjects=[(line.role.doctype, name) for name in found["names"]],
					count=found["n"],
					days=self.older_than.days,
					amount=found["amount"],
					oldest=day(found["oldest"]),
				)
