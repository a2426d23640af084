"""Are active mandates complete?"""

from __future__ import annotations

from collections.abc import Iterator

from pypika.terms import Criterion

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import is_blank, tally, today
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.site import Site

#: Code of a mistake -> what is wrong, what comes of it, what to do.
TEXTS = {
	"holder": (
		_("Active mandates without the name of the account holder: {count}."),
		_("The payer's name is part of every collection; without it the bank refuses it (RR02)."),
		_("Enter the name as it stands on the signed mandate."),
	),
	"unsigned": (
		_("Active mandates without a date of signature: {count}."),
		_(
			"The date is part of every collection (MD02); without a signature every debit can be claimed back for 13 months."
		),
		_(
			"Enter the date from the signed mandate; where there is none, set the mandate to Draft and ask for a signature."
		),
	),
	"future": (
		_("Active mandates that are signed in the future: {count}."),
		_("The date is mistyped or was made up; banks refuse it."),
		_("Enter the date from the signed mandate."),
	),
}


@dataclass(frozen=True)
class MandateDetails(Check):
	"""Does every active mandate name its account holder, and a date of signature that is not in the future?

	Cost: three counts over the mandates.
	"""

	title = _("Completeness of mandates")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.signed_on", "mandate.status"):
			mandate = profile["mandate"].source("m")
			yield from self._look(site, profile, mandate, "unsigned", mandate["signed_on"].isnull())
			yield from self._look(site, profile, mandate, "future", mandate["signed_on"] > today(site))
			if mandate.role.has("holder"):
				yield from self._look(site, profile, mandate, "holder", is_blank(mandate["holder"]))

	def _look(
		self, site: Site, profile: Profile, mandate: Source, code: str, condition: Criterion
	) -> Iterator[Finding]:
		query = mandate.start(site.db).where(mandate.is_("active")).where(condition)
		count, named = tally(site, mandate, query)
		if count:
			title, cause, remedy = TEXTS[code]
			yield self.warning(
				title, cause=cause, remedy=remedy, subject=f"{profile.id}:{code}", subjects=named, count=count
			)
