"""Match bank lines with the payments that belong to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.payments._matching import NEEDED, Match, matches
from recovery_console.core.checks.payments._books import CENT, money
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

LINE, PAYMENT = "Bank Transaction", "Payment Entry"


@dataclass(frozen=True)
class ApplyReconciliation(Action):
	"""Match bank lines with payments as the Bank Reconciliation Tool does: pairs that are given, or all sure proposals.

	A pair is written as bank line, equals sign, payment. With ``likely`` proposals by amount and day count, too. In
	ERPNext a match is taken back by removing the payment from the bank line; the console does not do that by itself.
	"""

	title = _("Match bank lines with payments")
	risk = Risk.DISRUPTIVE
	needs = NEEDED
	checks = ("payments.bank_unmatched",)
	batch_size: ClassVar[int] = 10

	pairs: tuple[str, ...] = ()
	likely: bool = False
	window: timedelta = timedelta(days=180)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		chosen = self._given(site) if self.pairs else self._proposed(site)
		return self.planned(
			site,
			_("Bank lines to match with payments: {count} ({amount})"),
			[self._matched(match) for match in chosen],
			most=self.most,
			warnings=[_("The payments count as cleared on the day of the bank line.")] if chosen else (),
			amount=money(sum(match.amount for match in chosen[: self.most])),
			pairs=[match.as_evidence() for match in chosen[:100]],
		)

	def _proposed(self, site: Site) -> list[Match]:
		return [match for match in matches(site, self.window)[0] if match.sure or self.likely]

	def _given(self, site: Site) -> list[Match]:
		pairs: list[tuple[str, str]] = []
		for text in self.pairs:
			line, equals, payment = (part.strip() for part in text.partition("="))
			if not (line and equals and payment):
				raise UsageError(
					f"{text[:80]!r} is no pair; nothing was changed.",
					remedy="Write each as bank line, equals sign, payment, such as ACC-BTN-2026-00001=ACC-PAY-2026-00001.",
				)
			pairs.append((line, payment))
		for place, doctype in ((0, LINE), (1, PAYMENT)):
			names = [pair[place] for pair in pairs]
			known_names(site, doctype, names)
			if len(set(names)) != len(names):
				raise UsageError(
					f"A {doctype} stands in two pairs; nothing was changed.", remedy="Name each of them once."
				)
		lines = self._rows(
			site,
			LINE,
			[line for line, _payment in pairs],
			*("unallocated_amount", "date", "deposit", "withdrawal", "bank_account"),
		)
		payments = self._rows(
			site,
			PAYMENT,
			[payment for _line, payment in pairs],
			*("paid_amount", "received_amount", "payment_type", "paid_from", "paid_to"),
		)
		accounts = {
			str(row["name"]): row["account"]
			for row in rows_named(
				site, "Bank Account", [str(row["bank_account"]) for row in lines.values()], ("account",)
			)
		}
		return [
			self._pair(lines[line], payments[payment], accounts.get(str(lines[line]["bank_account"])))
			for line, payment in pairs
		]

	@staticmethod
	def _rows(site: Site, doctype: str, names: list[str], *columns: str) -> dict[str, dict[str, Any]]:
		return {str(row["name"]): row for row in rows_named(site, doctype, names, ("docstatus", *columns))}

	@staticmethod
	def _pair(line: dict[str, Any], payment: dict[str, Any], account: Any) -> Match:
		still = float(line["unallocated_amount"] or 0)
		coming_in = float(line["deposit"] or 0) > float(line["withdrawal"] or 0)
		worth = float(payment["received_amount" if coming_in else "paid_amount"] or 0)
		kinds = ("Receive" if coming_in else "Pay", "Internal Transfer")
		side = payment["paid_to" if coming_in else "paid_from"]
		if payment["payment_type"] not in kinds or side != account:
			raise UsageError(
				f"{payment['name']} moves no money the way that {line['name']} does; nothing was changed.",
				remedy="Both must go in, or both out, over the account of the same Bank Account.",
			)
		if int(line["docstatus"]) != 1 or int(payment["docstatus"]) != 1 or still <= CENT:
			raise UsageError(
				f"{line['name']} and {payment['name']} cannot be matched; nothing was changed.",
				remedy="Both must be submitted, and something must be open on the bank line.",
			)
		why = _("Given by a person.")
		return Match(
			str(line["name"]), str(payment["name"]), min(still, worth), str(line["date"])[:10], why, True
		)

	@staticmethod
	def _matched(match: Match) -> Batch:
		what = _("match with {0}").format(match.payment)
		arguments = {"line": match.line, "doctype": PAYMENT, "name": match.payment, "amount": match.amount}
		return batch(LINE, match.line, Act(what, LINE, match.line, arguments, frappe=True), why=match.why)
