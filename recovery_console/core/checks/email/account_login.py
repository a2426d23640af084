"""Can the passwords of the mail accounts be read?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import Account, account_secret, accounts, default_outgoing
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_KEY_REMEDY = _(
	"Put the encryption_key with which the passwords were saved back into site_config.json: it stands in the"
	" newest *-site_config_backup.json of that time in {backups}. Only when it is lost for good, enter the"
	" passwords again."
)
#: State of the secret: title, cause, remedy.
_KEY_PROBLEMS: dict[str, tuple[str, str, str]] = {
	"no_key": (
		_("The passwords of mail accounts cannot be read: site_config.json has no encryption_key."),
		_("Frappe will make a new key when it next needs one; what was saved with the old one stays closed."),
		_KEY_REMEDY,
	),
	"bad_key": (
		_(
			"The passwords of mail accounts cannot be read: the encryption_key in site_config.json is damaged."
		),
		_("A key is 44 letters and digits of base64; this one was cut off or mistyped."),
		_KEY_REMEDY,
	),
	"closed": (
		_("The passwords of mail accounts cannot be read: the encryption_key does not fit them."),
		_("They were saved with another key, as after a restore without the site's old site_config.json."),
		_KEY_REMEDY,
	),
}
#: Why an account has no password.
_WITHOUT = {
	"awaiting": _(
		"Awaiting Password is ticked: {accounts}. Frappe neither sends nor fetches with such an account."
	),
	"missing": _("No password is stored for: {accounts}. Each attempt to log in ends in an error."),
}


@dataclass(frozen=True)
class AccountLogin(Check):
	"""Can the stored password of every mail account that is in use be read with the site's key?

	Cost: one lookup by primary key and one decryption per account in use, a few dozen at most.
	"""

	title = _("Passwords of mail accounts")
	needs = ("Email Account",)
	explained_by = ("config.encryption_key",)

	#: More accounts than these are not tried: one key opens or closes them all.
	most_accounts: int = 100

	def run(self, site: Site) -> Answer:
		used = [account for account in self._in_use(site) if not account.oauth]
		awaiting = [account for account in used if account.on("awaiting_password")]
		by_state: dict[str, list[Account]] = {}
		for account in used[: self.most_accounts]:
			state = account_secret(site, account).state
			if account not in awaiting and not (state == "missing" and _needs_none(account)):
				by_state.setdefault(state, []).append(account)
		if awaiting:
			yield self._without_password(awaiting, "awaiting")
		if by_state.get("missing"):
			yield self._without_password(by_state["missing"], "missing")
		for state in _KEY_PROBLEMS:
			if by_state.get(state):
				yield self._closed(site, by_state[state], state)

	def _in_use(self, site: Site) -> Iterator[Account]:
		default = default_outgoing(site)
		if default is not None and default.from_config and default.text("password"):
			yield default
		for account in accounts(site):
			if account.on("enable_outgoing") or account.on("enable_incoming"):
				yield account

	def _without_password(self, found: list[Account], state: str) -> Finding:
		default = any(account.on("default_outgoing") for account in found)
		return (self.critical if default else self.warning)(
			_("Mail accounts that cannot log in: {count}."),
			cause=_WITHOUT[state],
			remedy=_(
				"Open each account named, enter the password, take the tick from Awaiting Password, and save."
			),
			subject=state,
			subjects=[account.subject for account in found],
			accounts=", ".join(account.name for account in found[:5]),
			default_outgoing=default,
		)

	def _closed(self, site: Site, found: list[Account], state: str) -> Finding:
		title, cause, remedy = _KEY_PROBLEMS[state]
		return self.critical(
			title,
			cause=cause,
			remedy=remedy,
			subject="key",
			subjects=[account.subject for account in found],
			problem=state,
			backups=str(site.path / "private" / "backups"),
		)


def _needs_none(account: Account) -> bool:
	"""Tell whether an account may lack a password: it only sends, to a server that asks for none."""
	return account.on("no_smtp_authentication") and not account.on("enable_incoming")
