"""Choose the account that sends."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email._accounts import account_batch, account_named
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, account_secret, accounts
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ChooseDefaultAccount(Action):
	"""Make an Email Account the one through which the site sends, and let it send.

	Without a name: the one that is marked as default but switched off, or the only one that sends.
	"""

	title = _("Choose the default outgoing account")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("email.outgoing_account",)

	account: str = ""

	def plan(self, site: Site) -> Plan:
		chosen = account_named(site, self.account) if self.account else _only_one(accounts(site))
		return self.planned(
			site,
			_("Let the mail account {account} send by default"),
			self._batches(site, chosen),
			warnings=self._warnings(site, chosen),
			account=chosen.name,
		)

	@staticmethod
	def _batches(site: Site, chosen: Account) -> Iterator[Batch]:
		for account in accounts(site):
			if account.name != chosen.name and account.on("default_outgoing"):
				yield from account_batch(
					site, account.name, default_outgoing=0, why=_("There can be only one default account.")
				)
		yield from account_batch(site, chosen.name, enable_outgoing=1, default_outgoing=1)

	@staticmethod
	def _warnings(site: Site, chosen: Account) -> list[str]:
		said = [_("Mails that wait in the queue for an account go out within minutes.")]
		logs_in = not chosen.oauth and not chosen.on("no_smtp_authentication")
		if logs_in and account_secret(site, chosen).state != "ok":
			said.append(_("Its password is missing or cannot be read: store it before."))
		if chosen.over_smtp and not chosen.text("smtp_server").strip():
			said.append(_("It names no mail server: set one before."))
		return said


def _only_one(known: list[Account]) -> Account:
	marked = [account for account in known if account.on("default_outgoing")]
	sending = marked or [account for account in known if account.on("enable_outgoing")]
	if len(sending) == 1:
		return sending[0]
	names = ", ".join(repr(account.name) for account in known[:10]) or "none"
	raise UsageError(
		"It is not clear which account is to send by default.", remedy=f"Name one with account=…: {names}."
	)
