"""Do mails with which people set their password not arrive?"""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.message import Message
from typing import Any

from pypika import Order
from pypika.terms import Criterion

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._failures import QUEUE
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_LINK = re.compile(r"/update-password\?[^\s\"'<>]*\bkey=|\blogin_via_key\?[^\s\"'<>]*\bkey=")
#: A mail for setting a password is short; what comes after this is not looked at.
_MOST_TEXT = 64 * 1024


@dataclass(frozen=True)
class LoginMails(Check):
	"""Are there password resets, welcome mails or log-in links among the mails that were not delivered?

	Cost: reads at most a hundred undelivered mails without a document, newest first, by the index on status.
	"""

	title = _("Undelivered mails for setting a password")
	needs = (QUEUE,)
	explained_by = (
		"email.server",
		"email.switched_off",
		"email.starving",
		"email.stuck_sending",
		"email.given_up",
		"email.retrying",
	)

	#: Frappe sends them at once, so that a short wait is already a failure.
	older_than: timedelta = timedelta(minutes=10)
	window: timedelta = timedelta(days=3)
	most_read: int = 100

	def run(self, site: Site) -> Answer:
		found = [row for row in self._undelivered(site) if sets_a_password(str(row["message"] or ""))]
		if not found:
			return
		lasts = timedelta(seconds=site.single_int("System Settings", "reset_password_link_expiry_duration"))
		ages = [site.age(row["creation"]) or timedelta(0) for row in found]
		yield self.critical(
			_("Mails with which people set their password or log in were not delivered: {count}."),
			cause=_(
				"They share the fate of the other mails, but these people cannot get in until they have one."
			),
			remedy=_(
				"Remove what holds mail up, then have them ask for a new link: the old one is of no use once it"
				" has expired. In a hurry, set a password with `bench --site {site} set-password USER`."
			),
			subjects=[(QUEUE, str(row["name"])) for row in found],
			site=site.name,
			oldest=min((site.moment(row["creation"]) for row in found), key=str),
			links_expired=sum(age > lasts for age in ages) if lasts else 0,
			looked_at=self.most_read,
		)

	def _undelivered(self, site: Site) -> list[Row]:
		t = table(QUEUE)
		since, limit = site.ago(self.window), site.ago(self.older_than)
		# Frappe queues these mails without naming a document.
		without_document = t.reference_doctype.isnull() | t.reference_doctype.isin(["", "User"])
		undelivered = Criterion.any(
			[t.status == "Error", t.status.isin(["Not Sent", "Sending"]) & (t.modified < limit), t.retry > 0]
		)
		return site.db.run(
			site.db.from_(t)
			.select(t["name"], t.creation, t.message)
			.where(t.status.isin(["Not Sent", "Sending", "Error"]) & undelivered & without_document)
			.where((t.modified >= since) & (t.creation >= since))
			.orderby(t.creation, order=Order.desc)
			.limit(self.most_read)
		)


def sets_a_password(message: str) -> bool:
	"""Tell whether a queued mail holds a link for setting a password or logging in. The link is kept nowhere."""
	parsed = email.message_from_string(message[:_MOST_TEXT])
	return any(_LINK.search(_text(part)) for part in parsed.walk() if part.get_content_maintype() == "text")


def _text(part: Message[Any, Any]) -> str:
	content = part.get_payload(decode=True)
	return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
