"""Do bank lines add up?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import differ, named, recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST


@dataclass(frozen=True)
class BankLineSums(Check):
	"""Is what is matched and what is open on each bank line together its amount, and do the matches add up?

	Cost: the newest submitted bank lines of the window, with their matches.
	"""

	title = _("Bank lines that do not add up")
	needs = ("Bank Transaction", "Bank Transaction Payments")

	window: timedelta = timedelta(days=90)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		line, match = table("Bank Transaction"), table("Bank Transaction Payments")
		moved = Fn("ABS", Fn("COALESCE", line.deposit, 0) - Fn("COALESCE", line.withdrawal, 0))
		of_line = (match.parent == line["name"]) & (match.parenttype == "Bank Transaction")
		matched = site.db.from_(match).select(fn.Sum(match.allocated_amount)).where(of_line)
		rows = site.db.run(
			site.db.from_(line)
			.select(line["name"].as_("id"))
			.where((line.docstatus == 1) & recent(site, line, self.window, self.most))
			.where(
				differ(moved, line.allocated_amount + line.unallocated_amount)
				| differ(matched, line.allocated_amount)
			)
			.orderby(line["name"])
		)
		if rows:
			yield self.warning(
				_("Bank lines whose amounts contradict each other: {count}."),
				cause=_(
					"The matched and the open amount together are not the amount of the line, or the matches do not"
					" come to the matched amount. A program changed the line past its form, or was interrupted."
				),
				remedy=_(
					"Open each Bank Transaction and compare its payments with the amount. Remove what does not belong"
					" there and match it again in the Bank Reconciliation Tool; that computes the amounts anew."
				),
				subjects=named("Bank Transaction", rows),
				count=len(rows),
			)
