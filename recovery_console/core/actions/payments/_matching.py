"""Which payment belongs to which bank line, by reference and amount."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import CENT, money
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import day

NEEDED = ("Bank Transaction", "Bank Transaction Payments", "Bank Account", "Payment Entry")
#: Not more open bank lines are looked at, the oldest first.
LINES = 2_000
#: Between booking a payment and the bank's line there are not more days than these.
APART = timedelta(days=10)
#: References shorter than this stand in too many texts.
SHORTEST = 4


@dataclass(frozen=True)
class Match:
	"""A payment that fits a bank line.

	Args:
		line: The Bank Transaction.
		payment: The Payment Entry.
		amount: What is open on the line and what the payment comes to.
		on: Day of the line.
		why: What fits.
		sure: The reference fits as well as the amount.
	"""

	line: str
	payment: str
	amount: float
	on: str
	why: str
	sure: bool

	def as_evidence(self) -> dict[str, Any]:
		return {
			"bank_line": self.line,
			"payment": self.payment,
			"amount": self.amount,
			"date": self.on,
			"why": self.why,
			"sure": self.sure,
		}


def matches(site: Site, window: timedelta) -> tuple[list[Match], int]:
	"""Return the matches that are the only ones for both their line and their payment, and how many lines are open."""
	lines = _lines(site, window)
	by_amount: dict[float, list[dict[str, Any]]] = defaultdict(list)
	for payment in _payments(site, {money(line["open"]) for line in lines}, window + APART):
		by_amount[money(_worth(payment))].append(payment)
	found: dict[str, list[Match]] = defaultdict(list)
	for line in lines:
		near = {money(float(line["open"]) + apart) for apart in (-CENT, 0, CENT)}
		payments = [payment for amount in sorted(near) for payment in by_amount.get(amount, ())]
		fitting = [match for payment in payments if (match := _match(line, payment)) is not None]
		sure = [match for match in fitting if match.sure]
		for match in sure or fitting:
			found[match.line].append(match)
	per_payment: dict[str, int] = defaultdict(int)
	for some in found.values():
		for match in some:
			per_payment[match.payment] += 1
	unique = [some[0] for some in found.values() if len(some) == 1 and per_payment[some[0].payment] == 1]
	return sorted(unique, key=lambda match: (match.on, match.line)), len(lines)


def _lines(site: Site, window: timedelta) -> list[dict[str, Any]]:
	"""Return the bank lines with money on them that is matched with no payment."""
	t, account = table("Bank Transaction"), table("Bank Account")
	since = site.ago(window)
	rows = site.db.run(
		site.db.from_(t)
		.join(account)
		.on(account["name"] == t.bank_account)
		.select(
			t["name"].as_("id"),
			t["date"].as_("on"),
			t.deposit,
			t.withdrawal,
			t.unallocated_amount.as_("open"),
			t.reference_number.as_("reference"),
			t.description.as_("text"),
			account.account.as_("ledger"),
		)
		.where((t.docstatus == 1) & (t.unallocated_amount > CENT))
		.where((t.creation >= since) & (t.modified >= since))
		.orderby(t["date"])
		.orderby(t["name"])
		.limit(LINES)
	)
	return [{**row, "coming_in": float(row["deposit"] or 0) > float(row["withdrawal"] or 0)} for row in rows]


def _payments(site: Site, amounts: set[float], window: timedelta) -> list[dict[str, Any]]:
	"""Return the submitted payments of these amounts that no bank line is matched with."""
	t, match, line = table("Payment Entry"), table("Bank Transaction Payments"), table("Bank Transaction")
	taken = (
		site.db.from_(match)
		.join(line)
		.on(line["name"] == match.parent)
		.select(match.payment_entry)
		.where(
			(match.payment_document == "Payment Entry")
			& (line.docstatus == 1)
			& match.payment_entry.notnull()
		)
	)
	since = site.ago(window)
	listed, found = sorted(amounts), []
	for start in range(0, len(listed), 500):
		rows = site.db.run(
			site.db.from_(t)
			.select(
				t["name"].as_("id"),
				t.posting_date.as_("on"),
				t.payment_type.as_("kind"),
				t.paid_amount.as_("paid"),
				t.received_amount.as_("received"),
				t.paid_from,
				t.paid_to,
				t.reference_no.as_("reference"),
			)
			.where((t.docstatus == 1) & t.clearance_date.isnull() & t["name"].notin(taken))
			.where((t.creation >= since) & (t.modified >= since))
			.where(t.payment_type.isin(["Receive", "Pay"]) & t.paid_amount.isin(listed[start : start + 500]))
			.orderby(t["name"])
			.limit(10_000)
		)
		found += rows
	return found


def _match(line: dict[str, Any], payment: dict[str, Any]) -> Match | None:
	"""Return the match of a payment with a bank line; None where it does not fit."""
	incoming, amount = payment["kind"] == "Receive", _worth(payment)
	if incoming != line["coming_in"] or line["ledger"] != payment["paid_to" if incoming else "paid_from"]:
		return None
	if abs(amount - float(line["open"])) > CENT:
		return None
	texts = (str(line["reference"] or ""), str(line["text"] or ""))
	known = named_in((payment["reference"], payment["id"]), texts)
	if not known and not _near(day(line["on"]), day(payment["on"])):
		return None
	why = (
		_("Amount and reference {0}.").format(known)
		if known
		else _("Amount, and not more than {0} days apart.").format(APART.days)
	)
	return Match(str(line["id"]), str(payment["id"]), money(amount), str(line["on"])[:10], why, bool(known))


def _worth(payment: dict[str, Any]) -> float:
	"""Return what a payment comes to on the account of the bank."""
	return float(payment["received" if payment["kind"] == "Receive" else "paid"] or 0)


def named_in(references: Iterable[Any], texts: Iterable[str]) -> str:
	"""Return the first reference that stands in one of the texts as a word of its own."""
	listed = [text.upper() for text in texts]
	for reference in references:
		word = str(reference or "").strip().upper()
		if len(word) >= SHORTEST and any(
			re.search(rf"(?<![A-Z0-9]){re.escape(word)}(?![A-Z0-9])", text) for text in listed
		):
			return str(reference).strip()
	return ""


def _near(one: date | None, other: date | None) -> bool:
	return one is not None and other is not None and abs(one - other) <= APART
