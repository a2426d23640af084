"""Which mail accounts no longer fetch mail?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, accounts
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class IncomingStopped(Check):
	"""Which accounts did Frappe switch off after failures, or cannot fetch from now?

	Cost: reads the Email Accounts, one cache key for each that receives, and one lookup for each that is off.
	"""

	title = _("Incoming mail")
	needs = (DOCTYPE,)
	explained_by = (
		"email.oauth",
		"email.account_login",
		"scheduler.switches",
		"scheduler.enabled",
		"scheduler.alive",
	)

	#: Frappe switches an account off when more than five attempts in a row failed; one failure is nothing.
	failures: int = 3
	#: Frappe Mail is asked every ten minutes.
	silent_for: timedelta = timedelta(hours=2)

	def run(self, site: Site) -> Answer:
		for account in accounts(site):
			if account.on("enable_incoming"):
				yield from self._receiving(site, account)
			elif account.text("email_server") or account.on("default_incoming"):
				yield from self._switched_off(site, account)

	def _receiving(self, site: Site, account: Account) -> Iterator[Finding]:
		failed = self._failed_attempts(site, account)
		synced = site.age(account.values.get("last_synced_at"))
		if failed >= self.failures:
			yield self.warning(
				_("Mail can no longer be fetched for {account}: {failed} attempts in a row failed."),
				cause=_("Frappe counts failures in a row and switches the account off after the sixth."),
				remedy=_(
					"Look in the Error Log for this account, correct server, port or password in the Email"
					" Account {account}, and save: saving tests the connection."
				),
				subject=account.name,
				subjects=[account.subject],
				account=account.name,
				failed=failed,
				time_outs=int(account.values.get("no_failed") or 0),
			)
		elif not account.over_smtp and synced is not None and synced > self.silent_for:
			yield self.warning(
				_("No mail was fetched for {account} since {last}."),
				cause=_("The job that fetches mail every ten minutes does not get through."),
				remedy=_("See what the checks of the scheduler and of the jobs say."),
				subject=account.name,
				subjects=[account.subject],
				account=account.name,
				last=site.moment(account.values.get("last_synced_at")),
			)

	def _switched_off(self, site: Site, account: Account) -> Iterator[Finding]:
		told = self._when_told(site, account)
		failed = self._failed_attempts(site, account)
		if not (told or failed > self.failures or account.on("default_incoming")):
			return  # somebody switched it off on purpose
		yield self.critical(
			_("Incoming mail of {account} was switched off by Frappe."),
			cause=_("It could not connect or log in six times in a row. Since then no mail is fetched."),
			remedy=_(
				"Correct server, port or password in the Email Account {account}, tick Enable Incoming, and save."
				" The mails are still on the mail server and will be fetched then."
			),
			subject=account.name,
			subjects=[account.subject],
			account=account.name,
			switched_off=told or site.moment(account.values.get("modified")),
			failed=failed,
		)

	def _when_told(self, site: Site, account: Account) -> datetime | None:
		"""Return when Frappe last told the managers that it switched an account off."""
		doctype, kind, name = "ToDo", "reference_type", "reference_name"
		if site.frappe_major >= 16:
			doctype, kind, name = "Notification Log", "document_type", "document_name"
		if not site.has_doctype(doctype, kind, name):
			return None
		t = table(doctype)
		told = (t[kind] == DOCTYPE) & (t[name] == account.name)
		if doctype == "ToDo":
			told &= t.status == "Open"
		return site.moment(site.db.value(site.db.from_(t).select(fn.Max(t.creation)).where(told)))

	def _failed_attempts(self, site: Site, account: Account) -> int:
		key = f"{site.config.get('db_name')}|{account.name}:email-account-failed-attempts"
		with site.cache.client() as client:
			return pickled_number(client.get(key))


def pickled_number(value: bytes | None) -> int:
	"""Read a pickled number without unpickling it, which could run code; 0 when it is nothing else."""
	if not value:
		return 0
	from pickletools import genops  # loaded where it is needed: each module costs every diagnosis its time

	try:
		found = [argument for _opcode, argument, _at in genops(value) if isinstance(argument, int)]
	except ValueError:
		return 0
	return found[-1] if found else 0
