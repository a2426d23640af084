"""Do bank lines still come in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.payments._books import recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class BankFeed(Check):
	"""Which bank accounts got lines regularly and have got none of late?

	An account that is seldom used is not looked at.

	Cost: counts the bank lines made within the window per account.
	"""

	title = _("Bank accounts without new lines")
	needs = ("Bank Transaction", "Bank Account")
	explained_by = ("imports.failed", "integrations.bank_consent", "integrations.bank_feed")

	#: So long without a line, while there were many before, is not a quiet week.
	silent_for: timedelta = timedelta(days=10)
	#: An account with fewer lines in the window is seldom used.
	at_least: int = 10
	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		line, account = table("Bank Transaction"), table("Bank Account")
		latest = fn.Max(line.creation)
		rows = site.db.run(
			site.db.from_(line)
			.join(account)
			.on(account["name"] == line.bank_account)
			.select(line.bank_account.as_("id"), fn.Count("*").as_("n"), latest.as_("latest"))
			.where(recent(site, line, self.window) & (account.disabled == 0) & (line.docstatus < 2))
			.groupby(line.bank_account)
			.having((fn.Count("*") >= self.at_least) & (latest < site.ago(self.silent_for)))
			.orderby(line.bank_account)
		)
		if rows:
			last = max(str(row["latest"]) for row in rows)
			yield self.warning(
				_("Bank accounts that stopped getting lines: {count}."),
				cause=_(
					"They had {lines} lines in the {window} days before and none since {last}. The connection to the"
					" bank, or the person who imports the statements, has stopped."
				),
				remedy=_(
					"Renew the bank's consent where a connection brings the lines; else import the statements since"
					" that day with Bank Statement Import. Lines that are fetched twice are recognised by their"
					" transaction ID only."
				),
				subjects=[("Bank Account", str(row["id"])) for row in rows],
				lines=sum(int(row["n"]) for row in rows),
				window=self.window.days,
				last=day(last),
			)
