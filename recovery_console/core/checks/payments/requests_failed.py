"""Did requests for payment fail?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import oldest_first, recent, totals
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class RequestsFailed(Check):
	"""Which requests for payment failed?

	Cost: the payment requests made within the window.
	"""

	title = _("Failed payment requests")
	needs = ("Payment Request",)

	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		t = table("Payment Request")
		query = site.db.from_(t).where(
			(t.docstatus == 1) & (t.status == "Failed") & recent(site, t, self.window)
		)
		found = totals(site, query, t.grand_total, t.transaction_date)
		yield self.measure(failed_requests=found["n"])
		if found["n"]:
			yield self.warning(
				_("Payment requests that failed: {count}."),
				cause=_(
					"The payment provider or the bank refused them, {amount} in all. Nobody asks the payer again by"
					" itself."
				),
				remedy=_(
					"Open each Payment Request and the Integration Request of the same invoice, which says what the"
					" provider answered. Put that right, cancel the request, and make a new one from the invoice."
				),
				subjects=oldest_first(site, query, "Payment Request", t["name"], t.transaction_date),
				count=found["n"],
				amount=found["amount"],
				oldest=day(found["oldest"]),
			)
