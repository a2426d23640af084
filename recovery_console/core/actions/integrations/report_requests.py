"""Say which failed calls to other services may be repeated, and which may not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from pypika import Order

from recovery_console.core.action import Action, Risk
from recovery_console.core.backends.sql import table
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Services that move money: a repeated call may take it twice.
MONEY = (
	"braintree", "cashfree", "gocardless", "mollie", "mpesa", "paymob", "paypal", "paytm", "payu", "razorpay", "stripe",
)  # fmt: skip
#: Kinds of documents that stand for money.
MONEY_KINDS = frozenset({"Payment Request", "Sales Invoice", "Payment Entry", "Sales Order", "Subscription"})
SHOWN = 50


def safety_class(service: str, kind: str) -> str:
	"""Return what repeating a call can do: ``money``, ``message`` or ``unknown``."""
	text = service.lower()
	if kind in MONEY_KINDS or any(name in text for name in MONEY):
		return "money"
	return "message" if any(word in text for word in ("slack", "sms", "webhook", "telegram")) else "unknown"


@dataclass(frozen=True)
class ReportRequests(Action):
	"""List failed and unfinished Integration Requests by what repeating them can do. Nothing is called.

	Frappe keeps no way to repeat them: each service has its own. Calls that move money are never repeated by a
	program: the payer opens the payment link again, or the money is looked up at the gateway.
	"""

	title = _("List failed calls by whether they may be repeated")
	risk = Risk.READ
	needs = ("Integration Request",)
	checks = ("integrations.requests", "integrations.uncaptured")

	window: timedelta = timedelta(days=7)

	def plan(self, site: Site) -> Plan:
		t, since = table("Integration Request"), site.ago(self.window)
		rows = site.db.run(
			site.db.from_(t)
			.select(
				t["name"],
				t.integration_request_service.as_("service"),
				t.status,
				t.reference_doctype.as_("kind"),
				t.reference_docname.as_("document"),
				t.creation,
			)
			.where((t.creation >= since) & (t.modified >= since) & t.status.isin(["Failed", "Authorized"]))
			.orderby(t.creation, order=Order.desc)
			.limit(2_000)
		)
		listed = [self._row(site, row) for row in rows]
		return self.planned(
			site,
			_("Nothing is changed. Calls that failed or were not finished: {failed}"),
			(),
			failed=len(listed),
			by_class=dict(Counter(row["class"] for row in listed)),
			advice={
				"money": _("Look at the gateway's website first; let the payer open the payment link again."),
				"message": _("May be sent again by saving the document, or by hand."),
				"unknown": _("Read what the service does with a repeated call before it is repeated."),
			},
			requests=listed[:SHOWN],
		)

	@staticmethod
	def _row(site: Site, row: dict[str, Any]) -> dict[str, Any]:
		service, kind = str(row["service"] or ""), str(row["kind"] or "")
		moment = site.moment(row["creation"])
		return {
			"request": str(row["name"]),
			"service": service,
			"status": str(row["status"]),
			"document": f"{kind} {row['document'] or ''}".strip(),
			"at": moment.isoformat() if moment else "",
			"class": safety_class(service, kind),
		}
