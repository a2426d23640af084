"""Let accounts fetch mail again that Frappe switched off."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email._accounts import account_batch, account_named
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, account_secret, accounts
from recovery_console.core.checks.email.incoming_stopped import IncomingStopped
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class EnableIncoming(Action):
	"""Switch Enable Incoming on again where Frappe switched it off, and set its counter of failures to zero."""

	title = _("Fetch mail again")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("email.incoming_stopped",)

	#: Names of Email Accounts; empty: those that the check finds.
	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		chosen = [account_named(site, name) for name in self.names] if self.names else self._stopped(site)
		for account in chosen:
			if account.over_smtp and not account.text("email_server").strip():
				raise UsageError(
					f"The Email Account {account.name!r} names no incoming server.",
					remedy="Fill in Incoming Server in the account first.",
				)
		return self.planned(
			site,
			_("Mail accounts to let fetch mail again: {count}"),
			[made for account in chosen for made in self._batches(site, account)],
			warnings=[
				_("{0} has no password that can be read: Frappe will switch it off again.").format(
					account.name
				)
				for account in chosen
				if not account.oauth and account_secret(site, account).state != "ok"
			],
		)

	@staticmethod
	def _stopped(site: Site) -> list[Account]:
		found = {
			subject.name
			for answer in IncomingStopped().run(site)
			for subject in getattr(answer, "subjects", ())
			if subject.doctype == DOCTYPE
		}
		return [account for account in accounts(site) if account.name in found]

	@staticmethod
	def _batches(site: Site, account: Account) -> Iterator[Batch]:
		counter = f"{site.config.get('db_name')}|{account.name}:email-account-failed-attempts"
		forgotten = removed(site.cache, [counter.encode()]).values()
		yield from account_batch(site, account.name, *forgotten, enable_incoming=1, no_failed=0)
