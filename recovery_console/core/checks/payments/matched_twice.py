"""Is a payment matched with more bank lines than it is worth?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import Column, bind, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import CENT, money, named, recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST


@dataclass(frozen=True)
class MatchedTwice(Check):
	"""Which payments are matched with bank lines that come to more than the payment?

	Cost: the matches of the newest submitted bank lines of the window, with their payments.
	"""

	title = _("Payments matched twice")
	needs = ("Bank Transaction", "Bank Transaction Payments", "Payment Entry")

	window: timedelta = timedelta(days=90)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		line, match = table("Bank Transaction"), table("Bank Transaction Payments")
		payment = table("Payment Entry")
		matches = (
			site.db.from_(line)
			.join(match)
			.on((match.parent == line["name"]) & (match.payment_document == "Payment Entry"))
			.select(match.payment_entry.as_("id"), fn.Sum(match.allocated_amount).as_("matched"))
			.where((line.docstatus == 1) & recent(site, line, self.window, self.most))
			.groupby(match.payment_entry)
		)
		matches.alias = "matches"
		matched = Column("matched", table=matches)
		rows = site.db.run(
			site.db.query.from_(matches)
			.join(payment)
			.on(payment["name"] == Column("id", table=matches))
			.select(payment["name"].as_("id"), matched, payment.paid_amount, payment.received_amount)
			.where(payment.payment_type != "Internal Transfer")
			.where(matched > payment.paid_amount + bind(CENT))
			.where(matched > payment.received_amount + bind(CENT))
			.orderby(payment["name"])
		)
		if rows:
			surplus = sum(
				float(row["matched"]) - max(float(row["paid_amount"]), float(row["received_amount"]))
				for row in rows
			)
			yield self.warning(
				_("Payments matched with more money than they are worth: {count}."),
				cause=_(
					"Bank lines were matched with payments that another bank line had already covered: {surplus} too"
					" much. The payments that really belong to those lines are still open, or were never booked."
				),
				remedy=_(
					"Open each payment's bank lines (Bank Transaction, filter by payment entry), keep the one that fits"
					" by date and reference, undo the match on the other and match it with its own payment."
				),
				subjects=named("Payment Entry", rows),
				count=len(rows),
				surplus=money(surplus),
			)
