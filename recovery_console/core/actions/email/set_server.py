"""Correct the outgoing server of a mail account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email._accounts import account_batch, account_named
from recovery_console.core.actions.email._probing import tried
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, account_secret, smtp_account
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Encryption -> (Use TLS, Use SSL, usual port).
ENCRYPTIONS = {"starttls": (1, 0, 587), "ssl": (0, 1, 465), "none": (0, 0, 25)}

_CUSTOMARY = (0, 25, 465, 587, 2525)


@dataclass(frozen=True)
class SetServer(Action):
	"""Set SMTP server, port and encryption of an Email Account, after trying them.

	The stored password is tried only with the server that it was stored for, and never less well encrypted than now:
	nobody has agreed yet when a plan is made.
	"""

	title = _("Correct the outgoing mail server")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("email.server", "email.smtp_probe", "email.outgoing_account")

	account: str
	#: Empty: the one it has.
	server: str = ""
	#: 0: the one it has, or the usual one where the encryption changes.
	port: int = 0
	#: ``starttls``, ``ssl`` or ``none``; empty: as it is.
	encryption: str = ""
	#: Refuse settings with which no mail would leave.
	try_first: bool = True

	def plan(self, site: Site) -> Plan:
		account = account_named(site, self.account)
		if not account.over_smtp:
			raise UsageError(
				f"The Email Account {account.name!r} sends through Frappe Mail, not through a server of its own.",
				remedy="Open it to change that.",
			)
		after = self._after(account)
		changed = Account(account.name, {**account.values, **after})
		return self.planned(
			site,
			_("Set the outgoing server of the mail account {account}"),
			account_batch(site, account.name, **after),
			warnings=[*self._try(site, account, changed), *_elsewhere(account, changed)],
			account=account.name,
			server=changed.text("smtp_server"),
			port=smtp_account(changed, "").port,
		)

	def _after(self, account: Account) -> dict[str, Any]:
		server = self.server.strip() or account.text("smtp_server").strip()
		if not server or any(letter in server for letter in "/@: \t<>"):
			raise UsageError(
				f"{server!r} is no name of a mail server.", remedy="Give it as in server=smtp.example.org."
			)
		if self.encryption not in ("", *ENCRYPTIONS):
			raise UsageError(
				f"{self.encryption!r} is no encryption of mail.", remedy="Give starttls, ssl or none."
			)
		after: dict[str, Any] = {"smtp_server": server}
		if self.encryption:
			tls, ssl, usual = ENCRYPTIONS[self.encryption]
			after |= {
				"use_tls": tls,
				"use_ssl_for_outgoing": ssl,
				"smtp_port": str(self.port or self._port(account, usual)),
			}
		elif self.port:
			after["smtp_port"] = str(self.port)
		if not 0 <= self.port < 65536:
			raise UsageError(f"There is no port {self.port}.", remedy="Ports go from 1 to 65535.")
		return after

	@staticmethod
	def _port(account: Account, usual: int) -> int:
		"""Return the port for another encryption: one that no provider uses by custom is kept."""
		now = account.text("smtp_port").strip()
		return int(now) if now.isdigit() and int(now) not in _CUSTOMARY else usual

	def _try(self, site: Site, account: Account, changed: Account) -> list[str]:
		if not self.try_first:
			return [_("The server is not tried before it is saved.")]
		secret = account_secret(site, changed)
		no_password = changed.oauth or changed.on("no_smtp_authentication") or not _as_safe(account, changed)
		password = "" if no_password else secret.text
		said = tried(replace(smtp_account(changed, ""), password=password))
		if not password:
			said.append(
				_("The log-in was not tried: there is no password that can be read.")
				if _as_safe(account, changed)
				else _("The log-in was not tried: the password does not go there before somebody agreed.")
			)
		return said


def _host(account: Account) -> str:
	return account.text("smtp_server").strip().casefold()


def _as_safe(before: Account, after: Account) -> bool:
	"""Tell whether trying the password tells it to nobody new: the same server, as well encrypted as now."""
	encrypted = [account.on("use_tls") or account.on("use_ssl_for_outgoing") for account in (before, after)]
	return _host(before) == _host(after) and encrypted[0] <= encrypted[1]


def _elsewhere(before: Account, after: Account) -> list[str]:
	if _host(before) in ("", _host(after)):
		return []
	return [_("All mail of this account, and its password, go to another server from then on.")]
