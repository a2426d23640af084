"""Take mails out of the queue that are not to be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika.terms import Criterion

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._kept import FOLDER, taken_out
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import OPEN
from recovery_console.core.checks.email.login_mails import sets_a_password
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

COLUMNS = ("creation", "reference_doctype", "sender")


@dataclass(frozen=True)
class DropWaiting(Action):
	"""Delete mails that wait to be sent, after each was saved in a file of the site's private folder.

	Something must say which: their names, the document they are about, the sender, their age, or that they hold a
	link for setting a password.
	"""

	title = _("Drop mails that wait")
	risk = Risk.DISRUPTIVE
	needs = (QUEUE, RECIPIENT)
	checks = ("email.starving", "email.switched_off", "email.login_mails")

	names: tuple[str, ...] = ()
	reference_doctype: str = ""
	sender: str = ""
	#: 0 s: of any age.
	older_than: timedelta = timedelta(0)
	#: Only mails with a link for setting a password or logging in, such as those that have expired by now.
	login_mails: bool = False
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if not (self.names or self.reference_doctype or self.sender or self.older_than or self.login_mails):
			raise UsageError(
				"Nothing says which of the waiting mails are to be dropped.",
				remedy="Give names, reference_doctype, sender, older_than or login_mails=yes.",
			)
		rows = self._chosen(site)
		batches = list(taken_out(site, [str(row["name"]) for row in rows[: self.most]]))
		kinds = sorted({str(row["reference_doctype"] or "-") for row in rows})
		return self.planned(
			site,
			_("Waiting mails to drop, each saved in {folder}: {count}"),
			batches,
			most=self.most,
			warnings=[_("Nobody is told: who waits for one of these mails does not get it.")],
			folder=f"{site.name}/{FOLDER}",
			about=kinds[:20],
			more=len(rows) - len(batches),
		)

	def _chosen(self, site: Site) -> list[dict[str, Any]]:
		columns = (*COLUMNS, "message") if self.login_mails else COLUMNS
		if self.names:
			return [
				row for row in mails.named(site, self.names, columns, (*OPEN, "Error")) if self._fits(row)
			]
		t = table(QUEUE)
		wanted = Criterion.all([t["status"].isin((*OPEN, "Error") if self.login_mails else OPEN)])
		if self.login_mails:  # Frappe queues these without naming a document
			wanted &= t["reference_doctype"].isnull() | t["reference_doctype"].isin(["", "User"])
		if self.reference_doctype:
			wanted &= t["reference_doctype"] == self.reference_doctype
		if self.sender:
			wanted &= t["sender"] == self.sender
		if self.older_than:
			wanted &= t["creation"] < site.ago(self.older_than)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], *(t[column] for column in columns))
			.where(wanted)
			.orderby(t["creation"], t["name"])
			.limit(self.most * (4 if self.login_mails else 1) + 1)
		)
		return [row for row in rows if self._fits(row)]

	def _fits(self, row: dict[str, Any]) -> bool:
		return not self.login_mails or sets_a_password(str(row["message"] or ""))
