"""Does the mail server let the site in, now that mails fail?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email import _failures as failures
from recovery_console.core.checks.email import _probe as probes
from recovery_console.core.checks.email._accounts import Account, accounts, default_outgoing
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Server(Check):
	"""Where mails failed lately: does the mail server still let the accounts that send them in?

	Cost: reads the failed mails of the window by status; only where there are some, connects to and logs in at
	the servers of the two accounts that most of them use, a few seconds at worst. Nothing is sent.
	"""

	title = _("Mail server while mails fail")
	needs = ("Email Account", "Email Queue")
	budget: ClassVar[timedelta] = timedelta(seconds=20)

	window: timedelta = timedelta(hours=2)
	most_accounts: int = 2

	def run(self, site: Site) -> Answer:
		for account in self._failing(site):
			answer = probes.ask(site, account)
			if answer.failed_step:
				title, details = probes.words(account, answer)
				yield self.critical(title, **details)

	def _failing(self, site: Site) -> list[Account]:
		t = table(failures.QUEUE)
		found = failures.read_failures(site, failures.gave_up(t) | failures.will_retry(t), t, self.window)
		if not found:
			return []
		known = {account.name: account for account in accounts(site)}
		named = failures.accounts_of(found, self.most_accounts)
		used = [known[name] for name in named if name in known]
		default = default_outgoing(site)
		if default is not None and default not in used:
			used.append(default)
		return [account for account in used if probes.can_probe(account)][: self.most_accounts]
