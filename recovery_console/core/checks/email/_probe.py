"""Asking a mail server as Frappe would, and putting its answer into words."""

from __future__ import annotations

from typing import Any

from recovery_console.core.backends.smtp import SmtpAnswer, probe
from recovery_console.core.checks.email._accounts import Account, account_secret, smtp_account
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site

#: Each step of a probe may take so long.
SECONDS = 3.0

_TITLES = {
	"connect": _("The mail server {server} cannot be reached."),
	"encrypt": _("The mail server {server} does not encrypt as the account {account} asks."),
	"login": _("The mail server {server} refuses to let the account {account} log in."),
}
#: By kind of answer: why, and what to do.
_EXPLAINED: dict[str, tuple[str, str]] = {
	"credentials": (
		_(
			"The server answered: {answer}. The password was changed, or it takes app passwords or OAuth only."
		),
		_("Open the Email Account {account}, enter a working (app) password or change to OAuth, and save."),
	),
	"refused": (
		_("Nothing listens on port {port} there, or a firewall turns this machine away."),
		_("Compare SMTP Server and port of {account} with the provider's; usual ports are 587 and 465."),
	),
	"timeout": (
		_("It did not answer in time: a firewall drops the packets, or the port wants another encryption."),
		_(
			"Ask the host whether port {port} is open to the outside; with port 465 tick Use SSL, with 587 Use TLS."
		),
	),
	"address": (
		_("Port {port} does not exist: ports go from 1 to 65535."),
		_("Correct the port in the Email Account {account}; usual ports are 587 and 465."),
	),
	"name": (
		_("This machine finds no address for that name."),
		_("Check the spelling of SMTP Server in {account}, and the name server of this machine."),
	),
	"tls": (
		_("The server does not speak TLS on port {port} as it was asked to: {answer}."),
		_("In {account} use port 465 with Use SSL, or port 587 with Use TLS; not both."),
	),
	"unsupported": (
		_("The server does not offer what the account asks for: {answer}"),
		_(
			"In {account} change Use TLS, or the port; a server without log-in needs Disable SMTP Authentication."
		),
	),
}
_OTHER = (
	_("The server answered: {answer}."),
	_("Look the answer up with the mail provider; it may block this machine's address."),
)


def can_probe(account: Account) -> bool:
	"""Tell whether an account has a mail server to ask."""
	return account.over_smtp and bool(account.text("smtp_server").strip())


def ask(site: Site, account: Account) -> SmtpAnswer:
	"""Ask an account's server, once per diagnosis; without logging in where ``why_no_login`` says so."""
	secret = account_secret(site, account)
	password = "" if account.oauth else secret.text
	return site.remember(
		f"email.probe.{account.name}", lambda: probe(smtp_account(account, password), SECONDS)
	)


def why_no_login(site: Site, account: Account) -> str:
	"""Say why the probe of an account stops before the log-in; empty when it does not, or none is wanted."""
	if account.oauth:
		return _("it logs in with OAuth, and using its token here could make it invalid")
	if account_secret(site, account).state in ("ok", "missing"):
		return ""
	return _("its password cannot be read")


def words(account: Account, answer: SmtpAnswer) -> tuple[str, dict[str, Any]]:
	"""Return the title of a failed probe, and the other parts of its finding."""
	target = smtp_account(account, "")
	cause, remedy = _EXPLAINED.get(answer.kind, _OTHER)
	return _TITLES[answer.failed_step], {
		"cause": cause,
		"remedy": remedy,
		"subject": account.name,
		"subjects": [account.subject],
		"account": account.name,
		"server": target.host,
		"port": target.port,
		"step": answer.failed_step,
		"kind": answer.kind,
		"answer": redact_text(answer.detail, personal=True)[:200],
	}
