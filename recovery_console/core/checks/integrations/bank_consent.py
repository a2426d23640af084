"""May the site still fetch transactions from the bank?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class BankConsent(Check):
	"""Has a consent to fetch transactions from a bank expired, or will it soon?

	Cost: one small table: a consent per bank and company.
	"""

	title = _("Consents of banks")
	needs = ("Bank Consent",)

	ahead: timedelta = timedelta(days=7)
	forgotten: timedelta = timedelta(days=180)

	def run(self, site: Site) -> Answer:
		if not site.single_int("Banking Settings", "enabled"):
			raise NotApplicable(_("The bank feed is switched off in Banking Settings."))
		t = table("Bank Consent")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.bank, t.company, t.consent_expiry)
			.where((t.consent_expiry < site.ago(-self.ahead)) & (t.consent_expiry > site.ago(self.forgotten)))
			.orderby(t["name"])
		)
		for row in rows:
			age = site.age(row["consent_expiry"])
			if age is None:
				continue
			expired = age >= timedelta(0)
			yield (self.critical if expired else self.warning)(
				_("No transactions come in from {bank} any more: the consent of {company} has expired.")
				if expired
				else _("The consent of {company} for transactions from {bank} expires in {left}."),
				cause=_(
					"A bank gives out transactions for some months only, as the law has it; then the account's owner"
					" must consent again."
				),
				remedy=_(
					"Open Banking Settings, press Link Bank and Accounts, choose {bank} and follow the bank's pages."
					" Afterwards synchronise the transactions that came meanwhile."
				),
				subject=str(row["name"]),
				subjects=[("Bank Consent", str(row["name"]))],
				bank=str(row["bank"]),
				company=str(row["company"]),
				left=in_words(abs(age)),
				expires=site.moment(row["consent_expiry"]),
			)
