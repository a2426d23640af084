"""Do different parties have the same bank account?"""

from __future__ import annotations

from pypika import functions as fn

from recovery_console.core.backends.repeats import repeating
from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SharedIbans(Check):
	"""Which IBANs stand in the bank accounts of several parties?

	Cost: groups the IBANs of the bank accounts that are not disabled: a tenth of a second for 100,000.
	"""

	title = _("IBANs of several parties")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "bank_account.iban", "bank_account.party", "bank_account.id"):
			account = profile["bank_account"].source("a")
			iban = Fn("UPPER", Fn("REPLACE", account["iban"], " ", ""))
			theirs = (account["iban"] != "") & (account["party"] != "")
			first, last = fn.Min(account["party"]), fn.Max(account["party"])
			filled = account.start(site.db).where(theirs)
			repeated = repeating(site.db, filled, iban)
			if repeated is None:
				continue
			groups = site.db.run(repeated.select(iban.as_("iban")).groupby(iban).having(first < last))
			if not groups:
				continue
			shared = iban.isin([row["iban"] for row in groups[: most_subjects()]])
			rows = site.db.run(
				account.start(site.db)
				.select(account["id"].as_("id"))
				.where(theirs & shared)
				.orderby(account["id"])
				.limit(most_subjects())
			)
			yield self.info(
				_("IBANs that stand in the bank accounts of several parties: {count}."),
				cause=_(
					"People who live together may share an account. Otherwise one party was entered twice, or an IBAN"
					" was copied to the wrong one. ERPNext finds the party of a bank line by the IBAN and takes any."
				),
				remedy=_(
					"Compare the parties of each pair of bank accounts; merge those that are one, and correct the IBAN"
					" where it was copied."
				),
				subject=profile.id,
				subjects=[(account.role.doctype, str(row["id"])) for row in rows],
				count=len(groups),
			)
