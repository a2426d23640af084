"""Does the mail server of every outgoing account let the site in?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email import _probe as probes
from recovery_console.core.checks.email._accounts import Account, accounts, default_outgoing
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SmtpProbe(Check):
	"""Can the site connect to the server of each outgoing account, encrypt, and log in?

	Cost: up to five connections to mail servers with a log-in each, a few seconds at worst. Nothing is sent.
	Looks only when it is asked to.
	"""

	title = _("Test of the outgoing mail servers")
	needs = ("Email Account",)
	explained_by = ("email.account_login", "email.oauth")
	on_request = True
	budget: ClassVar[timedelta] = timedelta(seconds=30)

	most_accounts: int = 5

	def run(self, site: Site) -> Answer:
		for account in self._outgoing(site):
			answer = probes.ask(site, account)
			if answer.failed_step:
				title, details = probes.words(account, answer)
				yield self.critical(title, **details)
				continue
			if answer.certificate:
				yield self._bad_certificate(account, answer.certificate)
			without = probes.why_no_login(site, account)
			if without:
				yield self._not_logged_in(account, without)

	def _bad_certificate(self, account: Account, problem: str) -> Finding:
		return self.info(
			_("The certificate of the mail server {server} is not valid: {problem}."),
			cause=_(
				"Frappe does not check it and sends all the same; whoever sits between could read along."
			),
			remedy=_("Use the server's own name as SMTP Server, or have its certificate renewed."),
			subject=f"{account.name}:certificate",
			subjects=[account.subject],
			server=account.text("smtp_server"),
			problem=problem,
		)

	def _not_logged_in(self, account: Account, reason: str) -> Finding:
		return (self.info if account.oauth else self.critical)(
			_("The log-in of the mail account {account} could not be tested: {reason}."),
			cause=_("Its server answers and encrypts; the log-in itself was not tried."),
			remedy=_("See what the checks email.account_login and email.oauth say about {account}."),
			subject=f"{account.name}:login",
			subjects=[account.subject],
			account=account.name,
			reason=reason,
		)

	def _outgoing(self, site: Site) -> list[Account]:
		default = default_outgoing(site)
		others = [
			account for account in accounts(site) if account.on("enable_outgoing") and account != default
		]
		wanted = [account for account in (default, *others) if account is not None]
		return [account for account in wanted if probes.can_probe(account)][: self.most_accounts]
