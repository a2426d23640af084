"""Has somebody several active mandates for the same thing?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.sepa._query import is_blank, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import Profile, profiles_with
from recovery_console.core.site import Site

#: Fields that say what a mandate is for; without one every mandate is for everything.
PURPOSES = ("for_memberships", "for_donations", "for_other")


@dataclass(frozen=True)
class MandateDuplicate(Check):
	"""Is there a payer with more than one active mandate for one purpose?

	Several payers on one account are fine: families share one.

	Cost: one grouped count of the active mandates per purpose.
	"""

	title = _("Several mandates for one purpose")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.party", "mandate.status"):
			parties = sorted({str(party) for party in _with_several(site, profile)})
			if parties:
				doctype = profile["party"].doctype if profile.has("party") else _("Payer")
				yield self.warning(
					_("Payers with more than one active mandate for the same purpose: {count}."),
					cause=_(
						"A batch takes up every active mandate, so that one invoice may be collected twice."
					),
					remedy=_(
						"Keep the mandate with the account that is in use, and cancel the others with a date and reason."
					),
					subject=profile.id,
					subjects=subjects(doctype, list(parties)),
					count=len(parties),
				)


def _with_several(site: Site, profile: Profile) -> Iterator[Any]:
	mandate = profile["mandate"].source("m")
	active = (
		mandate.start(site.db)
		.select(mandate["party"].as_("party"))
		.where(mandate.is_("active") & ~is_blank(mandate["party"]))
		.groupby(mandate["party"])
		.having(fn.Count("*") > 1)
	)
	purposes = [name for name in PURPOSES if mandate.role.has(name)]
	for query in [active.where(mandate[name] == 1) for name in purposes] or [active]:
		for row in site.db.run(query):
			yield row["party"]
