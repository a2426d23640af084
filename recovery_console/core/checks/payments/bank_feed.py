"""Do bank lines still come in?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import recent
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import day, in_words


@dataclass(frozen=True)
class BankFeed(Check):
	"""Which bank accounts got lines regularly, or through a link to the bank, and have got none of late?

	An account that is seldom used is not looked at unless it is linked; of a linked one the date of its last
	transaction is kept, so that one on which nothing happens looks the same as one whose link broke.

	Cost: counts the bank lines made within the window per account, and reads the organisation's bank accounts.
	"""

	title = _("Bank accounts without new lines")
	needs = ("Bank Transaction", "Bank Account")
	explained_by = (
		*(
			"imports.failed",
			"integrations.bank_consent",
			"scheduler.alive",
			"scheduler.enabled",
			"jobs.workers",
		),
	)

	#: So long without a line, while there were many before, is not a quiet week.
	silent_for: timedelta = timedelta(days=10)
	#: An account with fewer lines in the window is seldom used.
	at_least: int = 10
	window: timedelta = timedelta(days=90)
	#: So long without a transaction on a linked account; beyond the second, nobody waits for one any more.
	linked_after: timedelta = timedelta(days=14)
	forgotten: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		rows = self._silent(site)
		if rows:
			yield self._stopped(rows)
		known = {row["id"] for row in rows}
		linked = [row for row in self._linked(site) if row["id"] not in known]
		if linked:
			yield self._link_stopped(linked)

	def _silent(self, site: Site) -> list[Row]:
		line, account = table("Bank Transaction"), table("Bank Account")
		latest = fn.Max(line.creation)
		return site.db.run(
			site.db.from_(line)
			.join(account)
			.on(account["name"] == line.bank_account)
			.select(line.bank_account.as_("id"), fn.Count("*").as_("n"), latest.as_("latest"))
			.where(recent(site, line, self.window) & (account.disabled == 0) & (line.docstatus < 2))
			.groupby(line.bank_account)
			.having((fn.Count("*") >= self.at_least) & (latest < site.ago(self.silent_for)))
			.orderby(line.bank_account)
		)

	def _stopped(self, rows: list[Row]) -> Finding:
		return self.warning(
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
			last=day(max(str(row["latest"]) for row in rows)),
		)

	def _linked(self, site: Site) -> list[Row]:
		t = table("Bank Account")
		return site.db.run(
			site.db.from_(t)
			.select(t["name"].as_("id"), t.last_integration_date)
			.where((t.is_company_account == 1) & (t.disabled == 0))
			.where(t.integration_id.notnull() & (t.integration_id != ""))
			.where(
				(t.last_integration_date < site.ago(self.linked_after).date())
				& (t.last_integration_date > site.ago(self.forgotten).date())
			)
			.orderby(t.last_integration_date, t["name"])
		)

	def _link_stopped(self, rows: list[Row]) -> Finding:
		return self.warning(
			_("Linked bank accounts without a new transaction for {after}: {count}."),
			cause=_(
				"The link to the bank stopped: a consent ran out, the bank wants a new log-in, or the job does not run."
				" Payments that arrive are then not seen. If nothing happened on the account, all is well."
			),
			remedy=_(
				"Compare with the bank's own website. If transactions are missing, open Plaid Settings or Banking"
				" Settings, link the account again and synchronise."
			),
			subject="linked",
			subjects=[("Bank Account", str(row["id"])) for row in rows],
			after=in_words(self.linked_after),
			oldest=str(rows[0]["last_integration_date"]),
		)
