"""Has somebody several active mandates for the same thing?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import is_blank, subjects
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Fields that say what a mandate is for; without one every mandate is for everything.
PURPOSES = ("for_memberships", "for_donations", "for_other")


@dataclass(frozen=True)
class MandateDuplicate(Check):
	"""Is there a payer with more than one active mandate for one purpose?

	Several payers on one account are fine: families share one.

	Cost: one pass over the active mandates, grouped by payer.
	"""

	title = _("Several mandates for one purpose")
	budget: ClassVar[timedelta] = timedelta(seconds=5)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.party", "mandate.status"):
			query = _payers_with_several(site, profile)
			rows = site.db.run(query.limit(most_subjects() + 1))
			if not rows:
				continue
			doctype = profile["party"].doctype if profile.has("party") else _("Payer")
			yield self.warning(
				_("Payers with more than one active mandate for the same purpose: {count}."),
				cause=_("A batch takes up every active mandate, so that one invoice may be collected twice."),
				remedy=_(
					"Keep the mandate with the account that is in use, and cancel the others with a date and reason."
				),
				subject=profile.id,
				subjects=subjects(doctype, [row["party"] for row in rows]),
				count=len(rows) if len(rows) <= most_subjects() else _rows_of(site, query),
			)


def _payers_with_several(site: Site, profile: Profile) -> QueryBuilder:
	"""Return a query on the payers who have two active mandates for the same."""
	mandate = profile["mandate"].source()
	party = mandate["party"]
	mapped = [name for name in PURPOSES if profile["mandate"].has(name)]
	several = [fn.Sum(mandate[name]) > 1 for name in mapped] or [fn.Count("*") > 1]
	query = mandate.start(site.db).where(mandate.is_("active")).where(~is_blank(party))
	return query.select(party.as_("party")).groupby(party).having(Criterion.any(several)).orderby(party)


def _rows_of(site: Site, grouped: QueryBuilder) -> int:
	"""Count the rows of a query that groups."""
	return site.db.count(site.db.query.from_(grouped.as_("grouped")))
