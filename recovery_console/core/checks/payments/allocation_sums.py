"""Do the allocations of payments add up?"""

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
class AllocationSums(Check):
	"""Do the lines of each payment come to what the payment says is allocated?

	Cost: the newest submitted payments of the window, with their lines.
	"""

	title = _("Payments whose allocations do not add up")
	needs = ("Payment Entry", "Payment Entry Reference")

	window: timedelta = timedelta(days=90)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST

	def run(self, site: Site) -> Answer:
		payment, line = table("Payment Entry"), table("Payment Entry Reference")
		of_payment = (line.parent == payment["name"]) & (line.parenttype == "Payment Entry")
		allocated = site.db.from_(line).select(fn.Sum(line.allocated_amount)).where(of_payment)
		rows = site.db.run(
			site.db.from_(payment)
			.select(payment["name"].as_("id"))
			.where((payment.docstatus == 1) & recent(site, payment, self.window, self.most))
			.where(differ(Fn("ABS", allocated), Fn("ABS", payment.total_allocated_amount)))
			.orderby(payment["name"])
		)
		if rows:
			yield self.warning(
				_("Payments whose lines do not come to their allocated amount: {count}."),
				cause=_(
					"Lines were added, changed or deleted past the form. What the payment settles is not what its"
					" invoices and reports show."
				),
				remedy=_(
					"Compare each payment's references with the customer's ledger. Where they are wrong, cancel and"
					" amend the payment; where only an invoice was cancelled, use Unreconcile Payment."
				),
				subjects=named("Payment Entry", rows),
				count=len(rows),
			)
