"""Send failed mails again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import OPEN, TAIL, Cause, cause_of
from recovery_console.core.checks.email.login_mails import sets_a_password
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

COLUMNS = (
	*("retry", "error", "send_after", "modified", "creation"),
	"reference_doctype",
)


@dataclass(frozen=True)
class RequeueFailed(Action):
	"""Put mails that Frappe gave up back in the queue, with all their attempts, spread over time.

	Frappe's own *Retry Sending* leaves the counter of attempts where it is, so that one more failure ends the mail
	again; this sets it to zero. Recipients that were served stay served.

	Left out unless named: mails whose recipient the server refused for good, mails of which it is not known
	whether they arrived, and mails with a link for setting a password that has expired.
	"""

	title = "Send failed mails again"
	risk = Risk.DISRUPTIVE
	needs = (QUEUE, RECIPIENT)
	checks = ("email.given_up", "email.retrying")

	names: tuple[str, ...] = ()
	#: Part of the error, or its kind as the finding names it, such as ``SMTPAuthenticationError 535``.
	error: str = ""
	newer_than: timedelta = timedelta(days=7)
	#: Also give those that wait for another attempt all their attempts back.
	waiting_too: bool = False
	#: So many become due each minute; 0 for all at once.
	per_minute: int = 60
	most: int = 500

	def plan(self, site: Site) -> Plan:
		rows = self._chosen(site)
		why_not = {str(row["name"]): self._why_not(site, row) for row in rows}
		chosen = [row for row in rows if not why_not[str(row["name"])]]
		return self.planned(
			site,
			_("Failed mails to put back in the queue: {count}"),
			self._batches(site, chosen),
			most=self.most,
			warnings=[*mails.late(site, chosen), *mails.why_held(site), *self._pace(len(chosen))],
			left_out=mails.left((name, why) for name, why in why_not.items() if why),
			left_out_in_all=sum(bool(why) for why in why_not.values()),
		)

	def _chosen(self, site: Site) -> list[dict[str, Any]]:
		if self.names:
			return mails.named(
				site, self.names, COLUMNS, ("Error", *OPEN) if self.waiting_too else ("Error",)
			)
		t = table(QUEUE)
		failed = t["status"] == "Error"
		if self.waiting_too:
			failed |= t["status"].isin(OPEN) & (t["retry"] > 0)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t["status"], *(t[column] for column in COLUMNS))
			.where(failed & (t["modified"] >= site.ago(self.newer_than)))
			.orderby(t["creation"], t["name"])
			.limit(2 * self.most + 1)
		)
		return [row for row in rows if self._fits(row)]

	def _fits(self, row: Mapping[str, Any]) -> bool:
		wanted = " ".join(self.error.lower().split())
		text = str(row["error"] or "")
		return not wanted or wanted in text.lower() or wanted in cause_of(text[-TAIL:]).label.lower()

	def _why_not(self, site: Site, row: Mapping[str, Any]) -> str:
		if self.names:
			return ""
		cause: Cause = cause_of(str(row["error"] or "")[-TAIL:])
		if cause.exception == mails.UNCLEAR:
			return _("It may have been delivered. Name it to send it again.")
		if cause.about_recipient:
			return _("The server refused its recipient for good; it would end the same way.")
		if self._link_expired(site, row):
			return _("Its link for setting a password has expired. Let the person ask for a new one.")
		return ""

	@staticmethod
	def _link_expired(site: Site, row: Mapping[str, Any]) -> bool:
		if (row["reference_doctype"] or "") not in ("", "User"):
			return False
		lasts = site.remember(
			"email.link_lasts",
			lambda: site.single_int("System Settings", "reset_password_link_expiry_duration"),
		)
		age = site.age(row["creation"]) or timedelta(0)
		if not lasts or age.total_seconds() <= lasts:
			return False
		t = table(QUEUE)  # only these few are read whole: mails can be large
		text = site.db.value(site.db.from_(t).select(t["message"]).where(t["name"] == row["name"]))
		return sets_a_password(str(text or ""))

	def _batches(self, site: Site, chosen: list[dict[str, Any]]) -> Iterator[Batch]:
		found = mails.recipients(site, [str(row["name"]) for row in chosen])
		now = site.ago(timedelta(0))
		for number, row in enumerate(chosen):
			minutes = number // self.per_minute if self.per_minute else 0
			after = {
				"status": found[str(row["name"])].open_status(),
				"retry": 0,
				"error": None,
				"send_after": now + timedelta(minutes=minutes) if minutes else None,
				"modified": now,
			}
			yield batch(QUEUE, row["name"], changed(QUEUE, row, **after))

	def _pace(self, count: int) -> list[str]:
		if not self.per_minute or count <= self.per_minute:
			return []
		return [
			_("{0} a minute become due; the last of them in {1} minutes.").format(
				self.per_minute, (count - 1) // self.per_minute
			)
		]
