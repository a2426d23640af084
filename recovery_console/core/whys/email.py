"""Why did this mail not arrive?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pypika import Order
from pypika.terms import Criterion

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email import _failures as failures
from recovery_console.core.checks.email import _probe as probes
from recovery_console.core.checks.email._accounts import Account, accounts, default_outgoing
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.why import Given, Repair, Step, Why, asks

#: A mail to an address, or about a document, is looked for so far back.
WINDOW = timedelta(days=14)
#: A mail in Sending that did not change for so long is stuck, as in ``email.stuck_sending``.
STUCK = timedelta(minutes=15)
#: The queue is emptied every four minutes.
PATIENCE = timedelta(minutes=10)
MOST_SHOWN = 20
#: Runbooks of known errors that can be told which mails.
_FOR_NAMES = frozenset({"retry-failed-mails", "give-mails-their-attempts-back"})


class Email(Why):
	"""From the queue to the mail server: where is this mail, and what holds it?

	Cost: lookups by key; by address or document, the mails of the window. The mail server is asked where it failed.
	"""

	id = "email"
	title = _("Why did this mail not arrive?")
	question = _("Why did the mail {about} not arrive?")
	takes = (
		Given(
			"about",
			_("Mail or address"),
			hint=_("The name of an Email Queue entry, or the address it went to."),
		),
		Given("doctype", _("Or about which document: DocType"), doctype="DocType"),
		Given("name", _("Its name"), doctype_in="doctype"),
	)
	healthy = _("Nothing of the site stands in the way of this mail.")

	mail: dict[str, Any]

	def __init__(self, site: Site, given: Mapping[str, str]) -> None:
		super().__init__(site, given)
		self.about = self.given["about"] or self.given["name"]
		self.given["about"] = self.about or "?"

	@classmethod
	def read(cls, given: Mapping[str, Any]) -> dict[str, str]:
		found = super().read(given)
		if not found["about"] and not (found["doctype"] and found["name"]):
			raise UsageError(
				_("The question email must be told which mail."),
				remedy=_(
					"Name an Email Queue entry, an address, or DocType and name of the document it is about."
				),
			)
		return found

	@classmethod
	def subjects_of(cls, given: Mapping[str, str], _site: Site) -> list[Subject]:
		about = given.get("about", "")
		queue = Subject(failures.QUEUE, "" if "@" in about else about)
		return [queue, *([Subject(given["doctype"], given["name"])] if given.get("name") else [])]

	@property
	def named(self) -> dict[str, Any]:
		return {"names": [str(self.mail["name"])]}

	@property
	def subject(self) -> list[tuple[str, str]]:
		return [(failures.QUEUE, str(self.mail["name"]))]

	@property
	def open(self) -> bool:
		return self.mail["status"] in failures.OPEN

	@asks(_("Is it in the queue?"))
	def queued(self) -> Step:
		found = self._find()
		if found is not None:
			self.mail = found
			self.recipients = self._recipients()
			return self.ok(
				_("Yes: {name}, made at {when}, with the status {status}."),
				subjects=self.subject,
				name=found["name"],
				when=self.when(found["creation"]),
				status=found["status"],
				sender=found["sender"],
			)
		if "@" in self.about and (unsubscribed := self._unsubscribed([self.about])):
			return self._left_out(unsubscribed)
		return self.blocked(
			_("No: Frappe never put such a mail into its queue, or it was cleared since."),
			_(
				"See whether what sends it ran: the Notification or Auto Email Report is enabled, its condition holds,"
				" and the document has an address. Errors on the way stand in the Error Log."
			),
			ends=True,
			about=self.about,
			looked_back_days=WINDOW.days,
		)

	def _find(self) -> dict[str, Any] | None:
		t = table(failures.QUEUE)
		names = ("name", "status", "error", "retry", "send_after", "creation", "modified", "sender")
		more = ("email_account", "reference_doctype", "reference_name", "message_id")
		query = self.site.db.from_(t).select(*(t[name] for name in (*names, *more)))
		since = self.site.ago(WINDOW)
		recent = Criterion.all([t.creation >= since, t.modified >= since])
		if self.given["name"]:
			query = query.where(
				recent
				& (t.reference_doctype == self.given["doctype"])
				& (t.reference_name == self.given["name"])
			)
		elif "@" in self.about:
			r = table(failures.RECIPIENT)
			query = query.join(r).on(r.parent == t["name"]).where(recent & (r.recipient == self.about))
		else:
			query = query.where(t["name"] == self.about)
		rows = self.site.db.run(query.orderby(t.creation, order=Order.desc).limit(50))
		return next((row for row in rows if row["status"] != "Sent"), rows[0] if rows else None)

	def _recipients(self) -> list[dict[str, Any]]:
		r = table(failures.RECIPIENT)
		return self.site.db.run(
			self.site.db.from_(r)
			.select(r.recipient, r.status)
			.where(r.parent == self.mail["name"])
			.orderby(r.idx)
			.limit(500)
		)

	@asks(_("May its recipients be written to?"))
	def subscribed(self) -> Step:
		found = self._unsubscribed(
			[str(row["recipient"]) for row in self.recipients if row["status"] != "Sent"]
		)
		if found:
			return self._left_out(found)
		return self.ok(_("Yes: none of them unsubscribed."))

	def _unsubscribed(self, addresses: list[str]) -> list[dict[str, Any]]:
		t = table("Email Unsubscribe")
		if not addresses or not self.site.has_doctype("Email Unsubscribe"):
			return []
		of_document = t.global_unsubscribe == 1
		if self.given["name"]:
			of_document |= (t.reference_doctype == self.given["doctype"]) & (
				t.reference_name == self.given["name"]
			)
		return self.site.db.run(
			self.site.db.from_(t)
			.select(t["name"], t.email)
			.where(t.email.isin(addresses[:500]) & of_document)
			.limit(MOST_SHOWN)
		)

	def _left_out(self, rows: list[dict[str, Any]]) -> Step:
		return self.blocked(
			_("No: {address} unsubscribed, and Frappe leaves such addresses out without a word."),
			_("Delete the Email Unsubscribe only if they ask for mails again."),
			subjects=[("Email Unsubscribe", str(row["name"])) for row in rows],
			ends=not hasattr(self, "mail"),
			address=", ".join(str(row["email"]) for row in rows),
		)

	@asks(_("Is it due?"))
	def due(self) -> Step:
		if not self.open or self.mail["send_after"] is None:
			return self.ok(_("Yes."))
		age = self.site.age(self.mail["send_after"])
		if age is not None and age.total_seconds() < 0:
			return self.blocked(
				_("Not yet: it is to be sent after {when}."),
				_("Wait, or press Send Now in it."),
				subjects=self.subject,
				when=self.when(self.mail["send_after"]),
			)
		return self.ok(_("Yes."))

	@asks(_("Is a worker busy with it, rather than stuck?"))
	def not_stuck(self) -> Step:
		if self.mail["status"] != "Sending":
			return self.ok(_("It is not being sent now."))
		age = self.site.age(self.mail["modified"]) or timedelta(0)
		if age < STUCK:
			return self.ok(_("It is being sent, since {age}."), age=in_words(age))
		return self.blocked(
			_(
				"No: it has been in Sending for {age}. The worker that sent it ended, and no other picks it up."
			),
			_("Release it: at most the one recipient that was being served gets a second copy."),
			repairs=[Repair("release-stuck-emails", self.named)],
			subjects=self.subject,
			age=in_words(age),
			since=self.when(self.mail["modified"]),
		)

	@asks(_("Did its last attempt go well?"))
	def last_attempt(self) -> Step:
		error = str(self.mail["error"] or "")[-failures.TAIL :]
		if not error.strip() or self.mail["status"] == "Sent":
			return self.ok(_("No error is recorded."))
		cause = failures.cause_of(error)
		known, answers = self.explained(error)
		given_up = self.mail["status"] == "Error"
		answers = [
			Repair(each.runbook, self.named if each.runbook in _FOR_NAMES else {})
			for each in answers
			if not (
				given_up and each.runbook == "give-mails-their-attempts-back"
			)  # for those that still wait
		]
		repairs = [Repair("retry-failed-mails", self.named)] if given_up else []
		text, remedy = _WORDS[_kind(cause)]
		return self.blocked(
			text,
			remedy,
			repairs=[*answers, *repairs],
			subjects=self.subject,
			error=cause.label,
			said=failures.last_line(error),
			attempts=int(self.mail["retry"] or 0),
			**known,
		)

	@asks(_("Does the site send mail at all?"))
	def switched_on(self) -> Step:
		if self.mail["status"] == "Sent":
			return self.skipped(_("It was sent."))
		return self.by_checks("email.switched_off", ok=_("Yes: it is neither suspended nor muted."))

	@asks(_("Is there an account that may send it?"))
	def has_account(self) -> Step:
		if self.mail["status"] == "Sent":
			return self.skipped(_("It was sent."))
		name = str(self.mail["email_account"] or "")
		account = self._account()
		if name and account is None:
			return self.blocked(
				_("No: its Email Account {account} is gone."),
				_("Make the account again, or choose another default account."),
				repairs=[Repair("choose-default-account")],
				account=name,
			)
		if account is not None and not account.on("enable_outgoing"):
			return self.blocked(
				_("No: Enable Outgoing is off in the Email Account {account}."),
				_("Tick Enable Outgoing there."),
				subjects=[account.subject],
				repairs=[Repair("choose-default-account", {"account": account.name})],
				account=account.name,
			)
		# Which account is the default one matters to mails without an account of their own.
		of_default = (
			("email.outgoing_account",)
			if account is None or not name or account.on("default_outgoing")
			else ()
		)
		return self.by_checks(
			*of_default,
			"email.account_login",
			"email.oauth",
			ok=_("Yes, and its password opens."),
			about=Subject(*account.subject) if account else None,
		)

	def _account(self) -> Account | None:
		name = str(self.mail["email_account"] or "")
		if not name:
			return default_outgoing(self.site)
		return next((account for account in accounts(self.site) if account.name == name), None)

	@asks(_("Does its mail server let the site in?"))
	def server(self) -> Step:
		account = self._account()
		failed = bool(str(self.mail["error"] or "").strip())
		if self.mail["status"] == "Sent" or not failed:
			return self.skipped(_("It is asked only after a failure."))
		if account is None or not probes.can_probe(account):
			return self.skipped(_("There is no mail server to ask."))
		answer = probes.ask(self.site, account)
		if not answer.failed_step:
			return self.ok(_("Yes, now it does."), server=account.text("smtp_server"))
		title, details = probes.words(account, answer)
		remedy, subjects = details.pop("remedy"), details.pop("subjects")
		details.pop("subject")
		return self.blocked(
			title, remedy, subjects=subjects, repairs=[Repair("reach-mail-server")], **details
		)

	@asks(_("Does somebody empty the queue?"))
	def flushed(self) -> Step:
		age = self.site.age(self.mail["creation"]) or timedelta(0)
		if not self.open or age < PATIENCE:
			return self.skipped(_("It does not wait for that."))
		return self.by_checks(
			"jobs.redis",
			"jobs.workers",
			"jobs.unserved_queues",
			"scheduler.switches",
			"scheduler.enabled",
			"scheduler.maintenance",
			"scheduler.stopped",
			"scheduler.alive",
			"scheduler.dormant",
			"email.starving",
			ok=_("Yes: scheduler and workers are at work."),
		)

	@asks(_("Has it reached all its recipients?"))
	def reached(self) -> Step:
		waiting = [str(row["recipient"]) for row in self.recipients if row["status"] != "Sent"]
		facts: dict[str, Any] = {
			"sent_to": len(self.recipients) - len(waiting),
			"of": len(self.recipients),
			"waiting": waiting[:MOST_SHOWN],
		}
		if self.mail["status"] == "Sent":
			self.healthy = _(
				"The mail server took this mail: let the recipient look among unwanted mail, and ask the mail provider."
			)
			return self.ok(
				_(
					"The mail server took it for all, at {when}. What happens after that this site does not see."
				),
				when=self.when(self.mail["modified"]),
				message_id=self.mail["message_id"],
				**facts,
			)
		self.healthy = _(
			"Nothing stands in the way of this mail: it waits for its turn, within a few minutes."
		)
		if self.mail["status"] == "Error":
			return self.blocked(
				_("No: Frappe gave it up after {retry} failed attempts. Reached: {sent_to} of {of}."),
				_("Put right what its error says, then send it again."),
				repairs=[Repair("retry-failed-mails", self.named)],
				subjects=self.subject,
				retry=int(self.mail["retry"] or 0),
				**facts,
			)
		return self.ok(_("Not yet: {sent_to} of {of}."), **facts)


def _kind(cause: failures.Cause) -> str:
	if cause.about_recipient:
		return "recipient"
	return "account" if cause.about_account else "other"


#: Whom the error is about: what to say, what to do.
_WORDS = {
	"recipient": (
		_("No: the mail server refused the recipient ({error})."),
		_("Correct the address, or ask the recipient why their server refuses mail from you."),
	),
	"account": (
		_("No: our own mail server was not reached, or did not let us in ({error})."),
		_("Put the Email Account right first; every other mail waits for the same."),
	),
	"other": (
		_("No: it ended in an error: {said}"),
		_("Read the error in the Email Queue entry and put right what it names, then send it again."),
	),
}
