"""Do transactions still come in from the banks?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class BankFeed(Check):
	"""From which linked bank account has no transaction come in for a long time?

	Accounts count that are linked to a bank feed and have had transactions through it. The date kept is that of
	the last transaction: an account on which nothing happens looks the same.

	Cost: the Bank Accounts of the organisation.
	"""

	title = _("Bank feeds")
	needs = ("Bank Account",)
	explained_by = ("integrations.bank_consent", "scheduler.alive", "scheduler.enabled", "jobs.workers")

	after: timedelta = timedelta(days=14)
	forgotten: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		t = table("Bank Account")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.last_integration_date)
			.where((t.is_company_account == 1) & (t.disabled == 0))
			.where(t.integration_id.notnull() & (t.integration_id != ""))
			.where(
				(t.last_integration_date < site.ago(self.after).date())
				& (t.last_integration_date > site.ago(self.forgotten).date())
			)
			.orderby(t.last_integration_date, t["name"])
		)
		if rows:
			yield self.warning(
				_("Linked bank accounts without a new transaction for {after}: {count}."),
				cause=_(
					"The bank feed stopped: a consent ran out, the bank wants a new log-in, or the job does not run."
					" Payments that arrive are then not seen. If nothing happened on the account, all is well."
				),
				remedy=_(
					"Compare with the bank's own website. If transactions are missing, open Plaid Settings or Banking"
					" Settings, link the account again and synchronise."
				),
				subjects=[("Bank Account", str(row["name"])) for row in rows],
				after=in_words(self.after),
				oldest=str(rows[0]["last_integration_date"]),
			)
