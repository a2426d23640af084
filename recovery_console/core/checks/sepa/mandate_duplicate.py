"""Has somebody several active mandates for the same thing?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import scan
from recovery_console.core.checks.sepa._query import own_ibans, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateDuplicate(Check):
	"""Is there a payer with more than one active mandate for one purpose?

	Several payers on one account are fine: families share one.

	Cost: the pass over the active mandates that the check of IBANs makes.
	"""

	title = _("Several mandates for one purpose")
	budget: ClassVar[timedelta] = timedelta(seconds=5)  # it shares the pass over all mandates

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.party", "mandate.iban", "mandate.status"):
			doctype = profile["party"].doctype if profile.has("party") else _("Payer")
			for found in scan(site, profile["mandate"], own_ibans(site, profile)).of("party").values():
				yield self.warning(
					_("Payers with more than one active mandate for the same purpose: {count}."),
					cause=_(
						"A batch takes up every active mandate, so that one invoice may be collected twice."
					),
					remedy=_(
						"Keep the mandate with the account that is in use, and cancel the others with a date and reason."
					),
					subject=profile.id,
					subjects=subjects(doctype, list(found.names)),
					count=found.count,
				)
