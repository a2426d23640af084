"""Why was this payment not collected or not reconciled?"""

from __future__ import annotations

from typing import Any

from recovery_console.core.actions.payments import _matching as matching
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import CENT
from recovery_console.core.checks.sepa._query import money
from recovery_console.core.finding import _
from recovery_console.core.why import Given, Repair, Step, asks
from recovery_console.core.whys import _money
from recovery_console.core.whys._collecting import WINDOW, Collecting


class Payment(Collecting):
	"""From the invoice over mandate and batch to the bank, and from the bank's line to the books: where does it end?

	Cost: one document with what belongs to it by key; candidates for a match from the lines of the window.
	"""

	id = "payment"
	title = _("Why was this payment not collected or not reconciled?")
	question = _("Why was {name} not collected or not reconciled?")
	takes = (
		Given(
			"doctype",
			_("DocType"),
			required=True,
			doctype="DocType",
			hint=_("Payment Entry, Bank Transaction, Sales Invoice, or the site's mandates or batches."),
		),
		Given(
			"name", _("Its name"), required=True, doctype_in="doctype", hint=_("The name of the document.")
		),
	)
	healthy = _("Nothing stands in the way of this payment.")

	@asks(_("Is it set against what it pays for?"))
	def allocated(self) -> Step:
		chain = self.chain
		if chain.role.name != "payment" or not chain.role.has("unallocated"):
			return self.skipped(_("It is no payment that is booked already."))
		row = _money.first(self.site, chain.role, id=chain.name) or {}
		open_amount = money(row.get("unallocated"))
		if open_amount <= CENT:
			return self.ok(_("Yes."))
		return self.blocked(
			_("No: {open} of {amount} are set against no invoice."),
			_("Open Payment Reconciliation for {party} and allocate it."),
			repairs=[Repair("settle-mismatched-payments")],
			subjects=self.subject,
			open=open_amount,
			amount=money(row.get("amount")),
			party=str(row.get("party") or "?"),
		)

	@asks(_("Is it matched between bank and books?"))
	def matched(self) -> Step:
		chain = self.chain
		if chain.collects:
			return self.skipped(_("It is about collecting; the bank's line comes after."))
		if chain.role.name == "payment":
			return self._cleared()
		row = _money.first(self.site, chain.role, id=chain.name) or {}
		open_amount = money(row.get("unallocated"))
		if open_amount <= CENT:
			self.healthy = _("Nothing stands in the way: this bank line is matched.")
			return self.ok(_("Yes: all of it is matched."))
		return self._candidates(
			_("No: {open} of this bank line are matched with nothing."),
			open=open_amount,
			date=str(row.get("date") or ""),
		)

	def _cleared(self) -> Step:
		t = table("Payment Entry")
		rows = (
			self.site.db.run(
				self.site.db.from_(t).select(t.clearance_date).where(t["name"] == self.chain.name)
			)
			if self.chain.role.doctype == "Payment Entry"
			else []
		)
		if rows and rows[0]["clearance_date"]:
			self.healthy = _("Nothing stands in the way: this payment is matched with the bank.")
			return self.ok(_("Yes, since {date}."), date=str(rows[0]["clearance_date"])[:10])
		return self._candidates(_("No: no bank line is matched with it."))

	def _candidates(self, text: str, **facts: Any) -> Step:
		found, _open = matching.matches(self.site, WINDOW)
		mine = [match for match in found if self.chain.name in (match.line, match.payment)]
		if mine:
			match = mine[0]
			other = (
				("Bank Transaction", match.line)
				if match.payment == self.chain.name
				else ("Payment Entry", match.payment)
			)
			return self.blocked(
				text,
				_("One fits: {fits}. {why} Match the two."),
				repairs=[Repair("match-bank-lines", {"pairs": [f"{match.line}={match.payment}"]})],
				subjects=[*self.subject, other],
				fits=other[1],
				why=match.why,
				**facts,
			)
		return self.blocked(
			text,
			_(
				"Nothing in the books fits it alone: see what differs below, then match it in the Bank Reconciliation Tool."
			),
			repairs=[Repair("propose-matches-for-bank-lines")],
			subjects=self.subject,
			**facts,
		)

	@asks(_("Do account, currency and party agree?"))
	def agrees(self) -> Step:
		if self.chain.role.doctype != "Bank Transaction":
			return self.skipped(_("It is no bank line."))
		t, account, ledger = table("Bank Transaction"), table("Bank Account"), table("Account")
		rows = self.site.db.run(
			self.site.db.from_(t)
			.left_join(account)
			.on(account["name"] == t.bank_account)
			.left_join(ledger)
			.on(ledger["name"] == account.account)
			.select(
				t.bank_account, t.currency, t.party, account.account, ledger.account_currency.as_("books")
			)
			.where(t["name"] == self.chain.name)
		)
		row = rows[0]
		if not row["account"]:
			return self.blocked(
				_("No: the bank account {account} names no account of the books, so nothing can be matched."),
				_("Open the Bank Account and choose its Company Account."),
				subjects=[("Bank Account", str(row["bank_account"] or ""))],
				account=str(row["bank_account"] or "?"),
			)
		if row["currency"] and row["books"] and row["currency"] != row["books"]:
			return self.blocked(
				_("No: the line is in {currency}, and the account of the books in {books}."),
				_("Correct the currency of the line, or the account of the Bank Account."),
				subjects=self.subject,
				currency=row["currency"],
				books=row["books"],
			)
		return self.ok(_("Yes."), party=str(row["party"] or _("not recorded")), currency=row["currency"])
