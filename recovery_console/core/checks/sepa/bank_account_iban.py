"""Do bank accounts have IBANs that can exist?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import scan
from recovery_console.core.checks.sepa._iban_texts import IBAN_TEXTS
from recovery_console.core.checks.sepa._query import subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class BankAccountIban(Check):
	"""Is the IBAN of every bank account that is in use valid, and stored so that bank lines can match it?

	Cost: one pass over the bank accounts that are not disabled, page by page: about one second for 100,000.
	"""

	title = _("IBANs of bank accounts")
	budget: ClassVar[timedelta] = timedelta(seconds=5)  # validating each of 100,000 IBANs is the question

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "bank_account.iban"):
			role = profile["bank_account"]
			result = scan(site, role)
			yield self.measure(bank_accounts=result.looked_at)
			for code, found in result.of("iban").items():
				if code in ("missing", "outside"):
					continue  # not every account has one, and paying abroad is fine
				what, remedy = IBAN_TEXTS[code]
				spaced = code == "spaced"
				build = self.info if spaced else self.warning
				yield build(
					_("Bank accounts whose IBAN is not stored compactly: {count}.")
					if spaced
					else _("Bank accounts with an invalid IBAN: {count}; {what}."),
					cause=_(
						"ERPNext finds the party of a bank line by exactly this text, and so does not find it."
					)
					if spaced
					else _(
						"ERPNext checks neither country nor length; payments to or from it fail at the bank."
					),
					remedy=_("Open the bank accounts and store the IBAN in capitals without blanks.")
					if spaced
					else remedy,
					subject=f"{profile.id}:{code}",
					subjects=subjects(role.doctype, list(found.names)),
					count=found.count,
					what=what,
					code=code,
				)
