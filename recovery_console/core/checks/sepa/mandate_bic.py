"""Do the BICs of mandates fit their IBANs?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import scan
from recovery_console.core.checks.sepa._query import own_ibans, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site

#: Code of a mistake -> what is wrong.
TEXTS = {
	"malformed": _("Active mandates with a malformed BIC: {count}."),
	"country": _("Active mandates whose BIC belongs to another country than the IBAN: {count}."),
}


@dataclass(frozen=True)
class MandateBic(Check):
	"""Is the BIC of every active mandate that has one well-formed, and of the IBAN's country?

	Cost: the pass over the active mandates that the check of IBANs makes. Whether a bank with this BIC exists is
	not asked: registers are incomplete.
	"""

	title = _("BICs of mandates")
	budget: ClassVar[timedelta] = timedelta(seconds=5)  # it shares the pass over all mandates

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.iban", "mandate.bic", "mandate.status"):
			role = profile["mandate"]
			for code, found in scan(site, role, own_ibans(site, profile)).of("bic").items():
				yield self.warning(
					TEXTS[code],
					cause=_("The bank refuses such a collection with the reason RC01, or sends it astray."),
					remedy=_(
						"Empty the BIC: within the EEA the IBAN is enough. Elsewhere ask the holder for the right one."
					),
					subject=f"{profile.id}:{code}",
					subjects=subjects(role.doctype, list(found.names)),
					count=found.count,
					code=code,
				)
