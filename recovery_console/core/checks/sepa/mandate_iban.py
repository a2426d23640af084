"""Do active mandates name accounts that can exist?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import scan
from recovery_console.core.checks.sepa._iban_texts import IBAN_TEXTS
from recovery_console.core.checks.sepa._query import own_ibans, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateIban(Check):
	"""Is the IBAN of every active mandate valid, and one from which can be collected?

	Cost: one pass over the active mandates, page by page, shared with the checks of BIC and reference: about
	one second for 100,000.
	"""

	title = _("IBANs of mandates")
	budget: ClassVar[timedelta] = timedelta(seconds=5)  # validating each of 100,000 IBANs is the question

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.iban", "mandate.status"):
			role = profile["mandate"]
			result = scan(site, role, own_ibans(site, profile))
			yield self.measure(active_mandates=result.looked_at)
			for code, found in result.of("iban").items():
				what, remedy = IBAN_TEXTS[code]
				build = self.info if code == "spaced" else self.warning
				yield build(
					_("Active mandates with an unusable IBAN: {count}; {what}.")
					if code != "spaced"
					else _("Active mandates whose IBAN is not stored compactly: {count}."),
					cause=_(
						"A collection from it is refused or returned (AC01); some banks refuse the whole file."
					)
					if code != "spaced"
					else _(
						"IBANs are compared letter by letter, so the same account may look like another one."
					),
					remedy=remedy,
					subject=f"{profile.id}:{code}",
					subjects=subjects(role.doctype, list(found.names)),
					count=found.count,
					what=what,
					code=code,
				)
