"""Send a test mail."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email._accounts import account_named
from recovery_console.core.backends.smtp import SmtpAccount
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._accounts import (
	DOCTYPE,
	Account,
	account_secret,
	default_outgoing,
	smtp_account,
)
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

SECONDS = 10.0


@dataclass(frozen=True)
class SendTest(Action):
	"""Send one test mail through an account's server, straight and not through the queue.

	It goes to the account's own address, or to a user of this site with the role System Manager; to nobody else.
	"""

	title = _("Send a test mail")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE, "User", "Has Role")
	checks = ("email.smtp_probe",)

	#: Empty: the default outgoing account.
	account: str = ""
	#: Empty: the account's own address.
	to: str = ""

	def plan(self, site: Site) -> Plan:
		account = account_named(site, self.account) if self.account else default_outgoing(site)
		if account is None:
			raise UsageError(
				"This site has no account to send with.", remedy="Choose a default account first."
			)
		if account.oauth or not account.over_smtp:
			raise UsageError(
				f"{account.name} logs in with OAuth or sends through Frappe Mail, which only Frappe can do.",
				remedy="Send a mail from any document, and look at it in the Email Queue list.",
			)
		to = self._recipient(site, account)
		act = Act("Send a test mail", DOCTYPE, account.name, {"account": account.name, "to": to})
		return self.planned(
			site,
			_("Send a test mail with the account {account}"),
			[batch(DOCTYPE, account.name, act)],
			account=account.name,
		)

	def _recipient(self, site: Site, account: Account) -> str:
		own = parseaddr(account.text("email_id"))[1]
		to = self.to.strip() or own
		if not to or any(letter in to for letter in "\r\n"):
			raise UsageError(
				"There is no address to send to.", remedy="Give to=… or fill in the account's address."
			)
		if to.lower() != own.lower() and not self._is_manager(site, to):
			raise UsageError(
				"A test mail goes to the account's own address, or to a System Manager of this site.",
				remedy="Leave to empty, or give the address of such a user.",
			)
		return to

	@staticmethod
	def _is_manager(site: Site, address: str) -> bool:
		u, r = table("User"), table("Has Role")
		users = site.db.run(
			site.db.from_(u)
			.join(r)
			.on(r["parent"] == u["name"])
			.select(u["name"])
			.where((u["email"] == address) & (u["enabled"] == 1))
			.where((r["role"] == "System Manager") & (r["parenttype"] == "User"))
			.limit(1)
		)
		return bool(users)

	def perform(self, site: WritableSite, act: Act) -> str:
		account = account_named(site, act.arguments["account"]) if self.account else default_outgoing(site)
		if account is None or account.name != act.arguments["account"]:
			raise ConsoleError("The account to send with has changed.", remedy="Make a new plan.")
		password = "" if account.on("no_smtp_authentication") else account_secret(site, account).text
		message = _message(site, account.text("email_id"), str(act.arguments["to"]))
		try:
			_send(smtp_account(account, password), message)
		except (OSError, smtplib.SMTPException, ValueError) as error:
			raise ConsoleError(
				f"The test mail was not sent: {type(error).__name__}: {error}.",
				remedy="`recovery-console diagnose --check email.smtp_probe` tells which step fails.",
			) from error
		return "The server took the mail. See whether it arrives, and not among the spam."


def _message(site: Site, sender: str, to: str) -> EmailMessage:
	message = EmailMessage()
	message["Subject"] = f"Test mail of {site.name}"
	message["From"], message["To"] = sender, to
	message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=site.name)
	message.set_content(f"Recovery Console sent this to see whether {site.name} can send mail. It can.\n")
	return message


def _send(account: SmtpAccount, message: EmailMessage) -> None:
	# As Frappe does it: the certificate of the server is not looked at.
	context = ssl.create_default_context()
	context.check_hostname = False
	context.verify_mode = ssl.CERT_NONE
	server: smtplib.SMTP
	if account.tls:
		server = smtplib.SMTP_SSL(account.host, account.port, timeout=SECONDS, context=context)
	else:
		server = smtplib.SMTP(account.host, account.port, timeout=SECONDS)
	with server:
		if account.starttls:
			server.starttls(context=context)
		if account.password:
			server.login(account.user, account.password)
		server.send_message(message)
