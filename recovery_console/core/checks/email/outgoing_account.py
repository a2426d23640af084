"""Is there an account through which the site can send?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import Account, accounts, default_outgoing
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class OutgoingAccount(Check):
	"""Is there a default account, or one in site_config.json, through which the site can send?

	Cost: reads the Email Accounts; looks for one recent mail where there is no default account.
	"""

	title = _("Default outgoing account")
	needs = ("Email Account", "Email Queue")

	used_within: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		if site.config.flag("mute_emails"):
			return  # nothing is to be sent: email.switched_off says so
		account = default_outgoing(site)
		if account is None:
			yield from self._no_default(site, accounts(site))
		elif account.over_smtp and not account.text("smtp_server").strip():
			yield self.critical(
				_("The default outgoing account {account} names no mail server."),
				cause=_("Its SMTP server is empty, so no connection can be made."),
				remedy=_("Open the Email Account {account}, fill in SMTP Server and port, and save."),
				subject="no server",
				subjects=[account.subject],
				account=account.name,
			)

	def _no_default(self, site: Site, known: list[Account]) -> Iterator[Finding]:
		switched_off = [account for account in known if account.on("default_outgoing")]
		sending = [account for account in known if account.on("enable_outgoing")]
		if switched_off:
			yield self.critical(
				_("The default outgoing account {account} is switched off."),
				cause=_(
					"It is marked as default, but Enable Outgoing is not ticked, so Frappe does not use it."
				),
				remedy=_("Open the Email Account {account}, tick Enable Outgoing, and save."),
				subject="no default",
				subjects=[account.subject for account in switched_off],
				account=switched_off[0].name,
			)
		elif sending:
			yield self.critical(
				_("No outgoing account is the default one."),
				cause=_(
					"Mails whose sender has no account of its own, such as password resets, are refused."
				),
				remedy=_("Open the account that is to send them, tick Default Outgoing, and save."),
				subject="no default",
				subjects=[account.subject for account in sending],
			)
		else:
			yield self._none_at_all(site)

	def _none_at_all(self, site: Site) -> Finding:
		used = self._was_used(site)
		return (self.critical if used else self.warning)(
			_("This site cannot send mail: no outgoing account is set up."),
			cause=_("Without one Frappe refuses every mail, password resets included, and queues nothing."),
			remedy=_("Make an Email Account with Enable Outgoing and Default Outgoing ticked."),
			subject="no default",
			mails_were_sent_lately=used,
			looked_back_days=self.used_within.days,
		)

	def _was_used(self, site: Site) -> bool:
		t = table("Email Queue")
		since = site.ago(self.used_within)
		found = site.db.value(
			site.db.from_(t).select(t["name"]).where((t.modified >= since) & (t.creation >= since)).limit(1)
		)
		return found is not None
