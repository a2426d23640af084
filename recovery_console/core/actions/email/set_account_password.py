"""Store the password of a mail account."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from cryptography.fernet import Fernet

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email._accounts import account_batch, account_named
from recovery_console.core.actions.email._probing import tried
from recovery_console.core.backends.secrets import key_is_valid, reveal
from recovery_console.core.backends.sql import raw_table
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, smtp_account
from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SetAccountPassword(Action):
	"""Store the password of an Email Account, encrypted with the site's key as Frappe does it.

	The outgoing server is tried with it first. The password itself is kept nowhere.
	"""

	title = _("Store the password of a mail account")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("email.account_login", "email.server", "email.smtp_probe")
	secret: ClassVar[tuple[str, ...]] = ("password",)

	account: str
	password: str
	#: Refuse a password with which the outgoing server lets nobody in.
	try_first: bool = True

	def plan(self, site: Site) -> Plan:
		account = account_named(site, self.account)
		if account.oauth:
			raise UsageError(
				f"The Email Account {account.name!r} logs in with OAuth; it has no password.",
				remedy="Open it and press Authorize API Access.",
			)
		warnings = self._try(account)
		field = "password" if account.over_smtp else "api_secret"
		return self.planned(
			site,
			_("Store the password of the mail account {account}"),
			account_batch(site, account.name, self._stored(site, account.name, field), awaiting_password=0),
			warnings=warnings,
			account=account.name,
		)

	def _try(self, account: Account) -> list[str]:
		sends = account.on("enable_outgoing") and account.over_smtp and account.text("smtp_server").strip()
		if not self.try_first or not sends or account.on("no_smtp_authentication"):
			return [_("The password is not tried before it is stored.")]
		return tried(replace(smtp_account(account, ""), password=self.password))

	def _stored(self, site: Site, name: str, field: str) -> RowEdit:
		"""Return the edit of the row that holds the secret."""
		sealed = _sealed(site, self.password)
		auth = raw_table("__Auth")
		key = {"doctype": DOCTYPE, "name": name, "fieldname": field}
		rows = site.db.run(
			site.db.from_(auth)
			.select(auth["password"], auth["encrypted"])
			.where((auth["doctype"] == DOCTYPE) & (auth["name"] == name) & (auth["fieldname"] == field))
		)
		after = {"password": sealed, "encrypted": 1}
		return (
			RowEdit("__Auth", key, rows[0], after) if rows else RowEdit("__Auth", key, None, {**key, **after})
		)


def _sealed(site: Site, text: str) -> str:
	"""Encrypt a text with the site's key, and see that it opens again.

	Raises:
		UsageError: The site has no key, or one of the wrong form.
	"""
	key = site.config.get("encryption_key")
	if not key_is_valid(key):
		raise UsageError(
			"site_config.json has no encryption_key of the right form, so no password can be stored.",
			remedy="Put the site's key back first; it stands in a *-site_config_backup.json in private/backups.",
		)
	sealed = Fernet(str(key).encode()).encrypt(text.encode()).decode()
	if reveal(str(key), sealed) != text:
		raise UsageError("The encrypted password does not open again.", remedy="Check encryption_key.")
	return sealed
