"""Email Accounts as Frappe would use them, and whether their secrets can still be read."""

from __future__ import annotations

from typing import Any

from recovery_console.core.backends.secrets import key_is_valid, reveal
from recovery_console.core.backends.smtp import SmtpAccount
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

DOCTYPE = "Email Account"
#: A site has a handful of accounts, or one for each of its staff.
MOST_ACCOUNTS = 2000
#: Sends and receives over its own web interface: no SMTP, a secret of another name.
FRAPPE_MAIL = "Frappe Mail"
_COLUMNS = (
	"name",
	"email_id",
	"enable_outgoing",
	"default_outgoing",
	"enable_incoming",
	"default_incoming",
	"smtp_server",
	"smtp_port",
	"use_tls",
	"use_ssl_for_outgoing",
	"no_smtp_authentication",
	"login_id",
	"awaiting_password",
	"auth_method",
	"connected_app",
	"connected_user",
	"service",
	"email_server",
	"append_to",
	"no_failed",
	"modified",
)
#: Only in Frappe 16.
_NEWER = ("backend_app_flow", "api_key", "last_synced_at")


@dataclass(frozen=True)
class Account:
	"""One Email Account, or the one that site_config.json describes."""

	name: str
	values: dict[str, Any]
	from_config: bool = False

	def on(self, field: str) -> bool:
		"""Tell whether a switch of the account is on."""
		return bool(self.values.get(field))

	def text(self, field: str) -> str:
		"""Return a field as text; empty where there is none."""
		return str(self.values.get(field) or "")

	@property
	def oauth(self) -> bool:
		return self.text("auth_method") == "OAuth"

	@property
	def over_smtp(self) -> bool:
		return self.text("service") != FRAPPE_MAIL

	@property
	def subject(self) -> tuple[str, str]:
		return ("File", "site_config.json") if self.from_config else (DOCTYPE, self.name)


def accounts(site: Site) -> list[Account]:
	"""Return every Email Account, by name."""

	def read() -> list[Account]:
		t = table(DOCTYPE)
		columns = [*_COLUMNS, *(name for name in _NEWER if site.has_doctype(DOCTYPE, name))]
		rows = site.db.run(
			site.db.from_(t).select(*(t[name] for name in columns)).orderby(t["name"]).limit(MOST_ACCOUNTS)
		)
		return [Account(str(row["name"]), row) for row in rows]

	return site.remember("email.accounts", read)


def default_outgoing(site: Site) -> Account | None:
	"""Return the account that sends what no other account is meant for."""
	for account in accounts(site):
		if account.on("enable_outgoing") and account.on("default_outgoing"):
			return account
	return _from_config(site)


def _from_config(site: Site) -> Account | None:
	get = site.config.get
	if not get("mail_server"):
		return None
	return Account(
		str(get("email_sender_name") or "Frappe"),
		{
			"smtp_server": get("mail_server"),
			"smtp_port": site.config.number("mail_port", 0),
			"use_tls": site.config.flag("use_tls"),
			"login_id": get("mail_login"),
			"email_id": get("auto_email_id") or get("mail_login"),
			"password": get("mail_password"),
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"no_smtp_authentication": site.config.flag("disable_mail_smtp_authentication"),
		},
		from_config=True,
	)


@dataclass(frozen=True)
class Secret:
	"""What became of a stored secret: ``state`` is ``ok``, ``missing``, ``no_key``, ``bad_key`` or ``closed``."""

	state: str
	text: str = ""

	def __repr__(self) -> str:
		return f"Secret({self.state})"


def secret(site: Site, doctype: str, name: str, field: str = "password") -> Secret:
	"""Open a stored secret with the site's key, as Frappe would, but never make a key."""
	auth = raw_table("__Auth")
	stored = site.db.value(
		site.db.from_(auth)
		.select(auth["password"])
		.where(
			(auth["doctype"] == doctype)
			& (auth["name"] == name)
			& (auth["fieldname"] == field)
			& (auth["encrypted"] == 1)
		)
		.limit(1)
	)
	if not stored:
		return Secret("missing")
	key = site.config.get("encryption_key")
	if not key:
		return Secret("no_key")
	if not key_is_valid(key):
		return Secret("bad_key")
	text = reveal(key, str(stored))
	return Secret("closed") if text is None else Secret("ok", text)


def account_secret(site: Site, account: Account) -> Secret:
	"""Open the secret with which an account logs in."""
	if account.from_config:
		text = account.text("password")
		return Secret("ok", text) if text else Secret("missing")
	return secret(site, DOCTYPE, account.name, "password" if account.over_smtp else "api_secret")


def smtp_account(account: Account, password: str) -> SmtpAccount:
	"""Return how Frappe would reach an account's server; without a password it does not log in."""
	tls, starttls = account.on("use_ssl_for_outgoing"), account.on("use_tls")
	return SmtpAccount(
		host=account.text("smtp_server").strip(),
		port=_number(account.text("smtp_port")) or (465 if tls else 587 if starttls else 25),
		starttls=starttls,
		tls=tls,
		user=account.text("login_id") or account.text("email_id"),
		password=password,
	)


def _number(text: str) -> int:
	return int(text) if text.strip().isdigit() else 0
