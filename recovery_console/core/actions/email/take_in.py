"""Take incoming mails in that the site fetched and could not handle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._accounts import accounts
from recovery_console.core.checks.email.unhandled import UNHANDLED
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

COLUMNS = ("email_account", "raw", "creation")
#: What Frappe keeps of a mail that it cannot even read.
_UNREADABLE = ("", "can't be parsed")


@dataclass(frozen=True)
class TakeIn(Action):
	"""Let Frappe take in once more what stands in Unhandled Email, and take it off that list where it succeeds.

	A mail that is in already, by its Message-ID, does not come in twice.
	"""

	title = _("Take incoming mails in once more")
	risk = Risk.DISRUPTIVE
	needs = (UNHANDLED, "Email Account")
	checks = ("email.unhandled",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		rows = self._chosen(site)
		known = {account.name for account in accounts(site)}
		left_out: list[LeftOut] = []
		return self.planned(
			site,
			_("Incoming mails to take in once more: {count}"),
			list(self._batches(rows, known, left_out)),
			most=self.most,
			warnings=[
				_("What made them fail must be put right first, or they fail again."),
				_(
					"Frappe keeps them as plain text: letters with accents may be lost. The mailbox holds the originals."
				),
			]
			if rows
			else [],
			left_out=left_out[:20],
		)

	def _chosen(self, site: Site) -> list[dict[str, Any]]:
		t = table(UNHANDLED)
		query = site.db.from_(t).select(t["name"], *(t[column] for column in COLUMNS))
		if self.names:
			query = query.where(t["name"].isin(known_names(site, UNHANDLED, self.names)))
		else:
			since = site.ago(self.window)
			query = query.where((t["modified"] >= since) & (t["creation"] >= since))
		return site.db.run(query.orderby(t["creation"], t["name"]).limit(self.most + 1))

	@staticmethod
	def _batches(rows: list[dict[str, Any]], known: set[str], left_out: list[LeftOut]) -> Iterator[Batch]:
		for row in rows:
			name = str(row["name"])
			why = ""
			if str(row["email_account"] or "") not in known:
				why = _("Its Email Account is gone.")
			elif str(row["raw"] or "").strip() in _UNREADABLE:
				why = _("Nothing of it was kept: forward it from the mailbox.")
			if why:
				left_out.append(LeftOut(Subject(UNHANDLED, name), why))
				continue
			yield batch(
				UNHANDLED, name, Act("Take the mail in", UNHANDLED, name, {"name": name}, frappe=True)
			)
