"""Let an account look through its mailbox again."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email._accounts import account_edits, account_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._accounts import DOCTYPE
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

FOLDER = "IMAP Folder"


@dataclass(frozen=True)
class ResetIncoming(Action):
	"""Forget how far an IMAP account has read, so that Frappe fetches the newest mails of each folder again.

	How many is *Initial Sync Count* of the account. Mails that are in already are known by their Message-ID and not
	taken in twice.
	"""

	title = _("Look through a mailbox again")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE, FOLDER)
	checks = ("email.incoming_stopped", "email.unhandled")

	account: str

	def plan(self, site: Site) -> Plan:
		account = account_named(site, self.account)
		rows = account_rows(site, account.name)
		if not rows:
			raise UsageError(
				f"The Email Account {account.name!r} reads no IMAP folder, so there is no place to forget.",
				remedy="With POP3 Frappe fetches whatever is on the server.",
			)
		edits = [
			changed(FOLDER, row, uidvalidity="", uidnext="")
			for row in rows
			if row["uidvalidity"] or row["uidnext"]
		]
		around = account_edits(site, account.name, uidvalidity="", uidnext=0) if edits else ()
		return self.planned(
			site,
			_("Let the mail account {account} look through its folders again"),
			[batch(DOCTYPE, account.name, *edits, *around)] if edits else [],
			account=account.name,
			folders=[str(row["folder_name"]) for row in rows],
		)


def account_rows(site: Site, name: str) -> list[dict[str, object]]:
	"""Return the folders that an account reads, with how far."""
	t = table(FOLDER)
	return site.db.run(
		site.db.from_(t)
		.select(t["name"], t["folder_name"], t["uidvalidity"], t["uidnext"])
		.where((t["parent"] == name) & (t["parenttype"] == DOCTYPE))
		.orderby(t["idx"])
	)
