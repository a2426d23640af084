"""Collecting: from the invoice over mandate and batch to the bank and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from recovery_console.core.checks.payments._books import CENT
from recovery_console.core.checks.sepa._accounts import bic_mistake, iban_mistake
from recovery_console.core.checks.sepa._iban_texts import IBAN_TEXTS
from recovery_console.core.checks.sepa._query import money, own_ibans, today
from recovery_console.core.checks.sepa._reasons import reason_of
from recovery_console.core.checks.sepa._target import is_target_day, next_target_day, target_days_before
from recovery_console.core.checks.sepa.returns import RETRY
from recovery_console.core.finding import _
from recovery_console.core.times import day
from recovery_console.core.why import Repair, Step, Why, asks
from recovery_console.core.whys import _money
from recovery_console.core.whys._money import Chain, Row

#: Bank days before the collection date on which the payer's bank must have the file, as in ``sepa.batch_date``.
LEAD_DAYS = 1
#: Candidates are looked for among the lines and payments of so many days.
WINDOW = timedelta(days=180)
#: DocTypes of ERPNext, for sites that have none of it.
OF_ERPNEXT = frozenset({"Payment Entry", "Bank Transaction", "Sales Invoice", "Bank Account"})


class Collecting(Why):
	"""Steps about one document: what it is, and how far its collection got."""

	chain: Chain

	@property
	def subject(self) -> list[tuple[str, str]]:
		return [(self.chain.role.doctype, self.chain.name)]

	def document(self, role: str, row: Row | None) -> list[tuple[str, str]]:
		"""Return a row of a role as what to open."""
		return [(self.chain.profile[role].doctype, str(row["id"]))] if row and row.get("id") else []

	@asks(_("Is there such a document, and does the console know its kind?"))
	def exists(self) -> Step:
		doctype, name = self.given["doctype"], self.given["name"]
		found = _money.role_of(self.site, doctype)
		if found is None:
			if doctype in OF_ERPNEXT and "erpnext" not in self.site.installed_apps():
				return self.skipped(
					_("ERPNext is not installed on this site, so it has no {doctype}."),
					doctype=doctype,
					ends=True,
				)
			return self.skipped(
				_(
					"No SEPA profile that fits this site says what a {doctype} is; it can be asked about: {known}."
				),
				doctype=doctype,
				known=", ".join(sorted(_money.asked_doctypes(self.site))) or _("nothing"),
				ends=True,
			)
		chain = _money.follow(self.site, *found, name)
		if chain is None:
			return self.blocked(
				_("No: this site has no {doctype} {name}."), ends=True, doctype=doctype, name=name
			)
		self.chain = chain
		return self.ok(_("Yes."), subjects=self.subject, profile=chain.profile.title, part=chain.role.name)

	@asks(_("Is it in force?"))
	def in_force(self) -> Step:
		if self.chain.docstatus == 2:
			return self.blocked(
				_("No: {name} was cancelled."),
				_("Look for the document that was made in its place."),
				subjects=self.subject,
				ends=True,
				name=self.chain.name,
			)
		if self.chain.docstatus == 0 and self.chain.role.filters.get("docstatus") == 1:
			return self.blocked(
				_("No: {name} is a draft, and counts for nothing yet."),
				_("Submit it, if it is right."),
				subjects=self.subject,
				ends=True,
				name=self.chain.name,
			)
		return self.ok(_("Yes."))

	@asks(_("Is anything owed?"))
	def owed(self) -> Step:
		invoice = self.chain.invoice
		if invoice is None or "outstanding" not in invoice:
			return self.skipped(_("It is no invoice."))
		if money(invoice["outstanding"]) > CENT:
			return self.ok(_("Yes: {outstanding} are open."), outstanding=money(invoice["outstanding"]))
		self.healthy = _("Nothing is owed on it any more: it was paid.")
		# How it was to be collected no longer matters.
		return replace(self.ok(_("No: it is paid.")), ends=True)

	@asks(_("Does the payer pay by direct debit?"))
	def chosen(self) -> Step:
		party, chain = self.chain.party, self.chain
		role = chain.profile.role("party")
		if party is None or role is None:
			return self.skipped(_("No payer is known for it."))
		for name, values in role.choice.items():
			if role.has(name) and party.get(name) not in values:
				return self.blocked(
					_("No: {party} pays by {way}."),
					_(
						"Change how they pay, if they agreed to direct debit; else ask for the money in that way."
					),
					subjects=self.document("party", party),
					party=str(party.get("name") or party.get("id")),
					way=str(party.get(name) or _("no way that is recorded")),
				)
		if chain.logical("party", party) == "left":
			return self.blocked(
				_("{party} has left: batches leave them out."),
				subjects=self.document("party", party),
				party=str(party.get("name") or party.get("id")),
			)
		return self.ok(_("Yes."))

	@asks(_("Is there a mandate in force?"))
	def has_mandate(self) -> Step:
		chain = self.chain
		if not chain.collects or not chain.profile.has("mandate.status"):
			return self.skipped(_("No mandate is needed, or the profile knows none."))
		if chain.mandate is None:
			return self.blocked(
				_("No: no mandate of the payer is recorded."),
				_(
					"Let them sign one; never make one up. Without it each debit can be claimed back for 13 months."
				),
				repairs=[Repair("enter-a-mandate")],
				subjects=self.subject,
			)
		state, shown = chain.logical("mandate", chain.mandate), str(chain.mandate.get("status"))
		subjects = self.document("mandate", chain.mandate)
		if state != "active":
			return self.blocked(
				_("No: the mandate is {status}."),
				_("Find out why it ended. A new collection needs a mandate that is signed and active."),
				repairs=[Repair("enter-a-mandate")],
				subjects=subjects,
				status=shown,
			)
		ends = day(chain.mandate.get("expires_on"))
		if ends and ends < today(self.site):
			return self.blocked(
				_("No: the mandate expired on {expired}, and its status does not say so."),
				_("End it, and ask the payer for a new one."),
				repairs=[Repair("end-expired-mandates", {"names": [str(chain.mandate["id"])]})],
				subjects=subjects,
				expired=ends.isoformat(),
			)
		return self.ok(_("Yes: {umr} is active."), subjects=subjects, umr=str(chain.mandate.get("umr") or ""))

	@asks(_("Can money be collected from its account?"))
	def account(self) -> Step:
		chain = self.chain
		source = chain.mandate if chain.mandate and "iban" in chain.mandate else chain.line
		if not chain.collects or source is None or "iban" not in source:
			return self.skipped(_("No account is known for it."))
		text = str(source["iban"] or "")
		compact = "".join(text.split()).upper()
		code = "own" if compact in own_ibans(self.site, chain.profile) else iban_mistake(text)
		if code and code != "spaced":
			what, remedy = IBAN_TEXTS[code]
			return self.blocked(
				_("No: the IBAN {account} cannot be used; {what}."),
				remedy,
				repairs=[Repair("correct-an-iban")],
				subjects=self.document("mandate", chain.mandate) or self.subject,
				account=_money.masked(text),
				what=what,
			)
		if source.get("bic") and bic_mistake(str(source["bic"]), compact[:2]):
			return self.blocked(
				_("No: the BIC {bic} does not belong to the IBAN {account}."),
				_("Correct or empty the BIC: within the EEA the IBAN is enough."),
				repairs=[Repair("correct-bics", {"names": [str(source["id"])]})] if source.get("id") else (),
				subjects=self.document("mandate", chain.mandate) or self.subject,
				bic=str(source["bic"]),
				account=_money.masked(text),
			)
		return self.ok(_("Yes: {account} is valid."), account=_money.masked(text))

	@asks(_("Is it in a batch?"))
	def in_batch(self) -> Step:
		chain = self.chain
		if not chain.collects or not chain.profile.has("batch", "line.parent"):
			if chain.role.name == "invoice" and money((chain.invoice or {}).get("outstanding")) > CENT:
				self.healthy = _(
					"Nothing was found in its way, and the SEPA profile knows no direct debit for it: the payer has to pay."
				)
			return self.skipped(_("It is not collected in batches here."))
		if chain.batch is not None:
			subjects = self.document("batch", chain.batch)
			return self.ok(_("Yes: {batch}."), subjects=subjects, batch=str(chain.batch["id"]))
		if chain.role.name == "invoice" and money((chain.invoice or {}).get("outstanding")) <= CENT:
			return self.skipped(_("Nothing is owed."))
		return self.blocked(
			_("No: it is in no batch, so nobody collects it."),
			_("Make a batch that takes it up, or ask for the money in another way."),
			repairs=[Repair("collect-forgotten-invoices")],
			subjects=self.subject,
		)

	@asks(_("Did its batch go to the bank?"))
	def batch_sent(self) -> Step:
		chain = self.chain
		if chain.batch is None or not chain.collects:
			return self.skipped(_("It is in no batch."))
		name, state = str(chain.batch["id"]), chain.logical("batch", chain.batch)
		facts: dict[str, Any] = {"batch": name, "status": str(chain.batch.get("status"))}
		role = chain.profile.role("line")
		if chain.lines and role is not None and chain.role.name == "batch":
			facts["collections"] = _money.status_of(chain.lines, role)
		subjects = self.document("batch", chain.batch)
		if state in ("sent", "done"):
			return self.ok(_("Yes: {batch} is {status}."), **facts)
		if state in ("failed", "cancelled"):
			return self.blocked(
				_("No: the batch {batch} is {status}, and holds its invoices back while it stands."),
				_("Release it, so that its invoices are free for the next batch."),
				repairs=[Repair("release-direct-debit-batch", {"names": [name]})],
				subjects=subjects,
				**facts,
			)
		return self._not_sent(name, state, subjects, facts)

	def _not_sent(
		self, name: str, state: str, subjects: list[tuple[str, str]], facts: dict[str, Any]
	) -> Step:
		on, now = day((self.chain.batch or {}).get("date")), today(self.site)
		facts["date"] = on.isoformat() if on else None
		if on and target_days_before(on, LEAD_DAYS) < now:
			repair = "move-collection-date" if state == "draft" else "hand-in-direct-debit-batch"
			return self.blocked(
				_("No: the batch {batch} is {status}, and its day {date} can no longer be reached."),
				_(
					"Move the day and announce it, or cancel the batch and make it anew. Never send an old file."
				),
				repairs=[Repair(repair, {"names": [name]} if state == "draft" else {})],
				subjects=subjects,
				**facts,
			)
		if on and not is_target_day(on):
			return self.blocked(
				_("No: the batch {batch} is to be collected on {date}, when banks settle nothing."),
				_("Move it to the next bank day, {better}."),
				repairs=[Repair("move-collection-date", {"names": [name]})],
				subjects=subjects,
				better=next_target_day(on).isoformat(),
				**facts,
			)
		self.healthy = _("Nothing stands in the way of this payment: its batch waits to be handed in.")
		return self.ok(
			_("Not yet: {batch} is {status}, to be collected on {date}."), subjects=subjects, **facts
		)

	@asks(_("Did the bank collect it, and did it stay?"))
	def not_returned(self) -> Step:
		chain = self.chain
		line = chain.line
		if line is None or not chain.collects:
			return self.skipped(_("There is no collection."))
		state = chain.logical("line", line)
		if state != "failed":
			self.healthy = (
				_("Nothing stands in the way of this payment: the bank has it.")
				if state == "sent"
				else self.healthy
			)
			return self.ok(
				_("Nothing came back: its collection is {status}."), status=str(line.get("status"))
			)
		reason = reason_of(str(line.get("reason_code") or line.get("reason_text") or ""))
		invoice = str(line.get("invoice") or "")
		again = (
			[Repair("present-returns-again", {"names": [invoice]})]
			if invoice and reason.retry != "never"
			else []
		)
		return self.blocked(
			_("No: it came back with the reason {code} ({meaning})."),
			reason.advice,
			repairs=again,
			subjects=self.document("invoice", {"id": invoice})
			if invoice and chain.profile.has("invoice")
			else self.subject,
			code=reason.code or "?",
			meaning=reason.meaning,
			again=RETRY[reason.retry],
		)
