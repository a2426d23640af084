"""Send mails once more that have been sent already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

COLUMNS = (
	"retry",
	"error",
	"send_after",
	"modified",
	"creation",
	"reference_doctype",
	"reference_name",
	"sender",
)


@dataclass(frozen=True)
class Resend(Action):
	"""Send mails once more to all their recipients: named ones, or the notices of one day about one DocType.

	For a day when the mail server took mails and lost them. Of several mails about the same document to the same
	people only the last is sent. A mail after which the same people had another one about the same document is
	left out.
	"""

	title = _("Send mails of a day once more")
	risk = Risk.DISRUPTIVE
	needs = (QUEUE, RECIPIENT)

	names: tuple[str, ...] = ()
	#: Such as ``2026-11-20``, in the site's time zone.
	day: str = ""
	reference_doctype: str = ""
	per_minute: int = 60
	most: int = 200

	def plan(self, site: Site) -> Plan:
		rows = self._named(site) if self.names else self._of_day(site)
		found = mails.recipients(site, [str(row["name"]) for row in rows])
		why_not = self._repeated(site, rows, found)
		chosen = [row for row in rows if str(row["name"]) not in why_not]
		return self.planned(
			site,
			_("Mails to send once more: {count}"),
			self._batches(site, chosen, found),
			most=self.most,
			warnings=[
				_("Who had one of these mails gets it a second time; it has the same Message-ID."),
				*mails.why_held(site),
			],
			left_out=mails.left(why_not.items()),
			recipients=sum(len(found[str(row["name"])].rows) for row in chosen),
		)

	def _named(self, site: Site) -> list[dict[str, Any]]:
		return mails.named(site, self.names, COLUMNS, ("Sent",))

	def _of_day(self, site: Site) -> list[dict[str, Any]]:
		begin = _day(self.day)
		if begin is None or not self.reference_doctype:
			raise UsageError(
				"Nothing says which mails are to be sent once more.",
				remedy="Give names, or day=2026-11-20 and reference_doctype=Sales Invoice.",
			)
		t = table(QUEUE)
		return site.db.run(
			site.db.from_(t)
			.select(t["name"], t["status"], *(t[column] for column in COLUMNS))
			.where((t["status"] == "Sent") & (t["reference_doctype"] == self.reference_doctype))
			.where((t["creation"] >= begin) & (t["creation"] < begin + timedelta(days=1)))
			.orderby(t["creation"], t["name"])
			.limit(2 * self.most + 1)
		)

	def _repeated(
		self, site: Site, rows: list[dict[str, Any]], found: dict[str, mails.Recipients]
	) -> dict[str, str]:
		"""Return the mails that are left out so that nobody gets two about the same document, with the reason."""
		why: dict[str, str] = {}
		last: dict[tuple[str, ...], str] = {}
		for row in rows:
			key = _about(row, found[str(row["name"])])
			if key and key in last:
				why[last[key]] = _("A later mail of the same day about the same document goes out instead.")
			last[key] = str(row["name"])
		later = self._since(site, [row for row in rows if str(row["name"]) not in why])
		for row in rows:
			key = _about(row, found[str(row["name"])])
			if key in later and later[key] > str(row["creation"]) and str(row["name"]) not in why:
				why[str(row["name"])] = _("The same people had another mail about the same document since.")
		return why

	def _since(self, site: Site, rows: list[dict[str, Any]]) -> dict[tuple[str, ...], str]:
		"""Return when the same people had the last other mail about these documents."""
		about = sorted({str(row["reference_name"]) for row in rows if row["reference_name"]})
		if not about:
			return {}
		t = table(QUEUE)
		known = {str(row["name"]) for row in rows}
		others = [
			row
			for row in site.db.run(
				site.db.from_(t)
				.select(t["name"], t["creation"], t["reference_doctype"], t["reference_name"], t["sender"])
				.where(t["reference_name"].isin(about[:1000]) & (t["status"] != "Error"))
				.orderby(t["creation"])
				.limit(5000)
			)
			if str(row["name"]) not in known
		]
		found = mails.recipients(site, [str(row["name"]) for row in others])
		return {_about(row, found[str(row["name"])]): str(row["creation"]) for row in others}

	def _batches(
		self, site: Site, chosen: list[dict[str, Any]], found: dict[str, mails.Recipients]
	) -> Iterator[Batch]:
		now = site.ago(timedelta(0))
		for number, row in enumerate(chosen):
			minutes = number // self.per_minute if self.per_minute else 0
			after = {
				"status": "Not Sent",
				"retry": 0,
				"error": None,
				"send_after": now + timedelta(minutes=minutes) if minutes else None,
				"modified": now,
			}
			to = [changed(RECIPIENT, person, status="Not Sent") for person in found[str(row["name"])].rows]
			yield batch(QUEUE, row["name"], *to, changed(QUEUE, row, **after))


def _about(row: dict[str, Any], found: mails.Recipients) -> tuple[str, ...]:
	"""Return what a mail is about and to whom; empty where it names no document."""
	if not row["reference_name"]:
		return ()
	to = sorted(str(person["recipient"]).lower() for person in found.rows)
	return (str(row["reference_doctype"]), str(row["reference_name"]), *to)


def _day(text: str) -> datetime | None:
	try:
		return datetime.strptime(text.strip(), "%Y-%m-%d")
	except ValueError:
		return None
