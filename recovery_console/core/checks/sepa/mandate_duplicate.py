"""Has somebody several active mandates for the same thing?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import HASHES, is_blank, subjects
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Fields that say what a mandate is for; without one every mandate is for everything.
PURPOSES = ("for_memberships", "for_donations", "for_other")
#: More numbers than these are not worth listing in a query.
MOST_NUMBERS = 5000


@dataclass(frozen=True)
class MandateDuplicate(Check):
	"""Is there a payer with more than one active mandate for one purpose?

	Several payers on one account are fine: families share one.

	Cost: one pass over the active mandates, and a second one over those that came twice.
	"""

	title = _("Several mandates for one purpose")
	budget: ClassVar[timedelta] = timedelta(seconds=5)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.party", "mandate.status"):
			query = _payers_with_several(site, profile)
			rows = site.db.run(query.limit(most_subjects() + 1)) if query is not None else []
			if query is None or not rows:
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


def _payers_with_several(site: Site, profile: Profile) -> QueryBuilder | None:
	"""Return a query on the payers who have two active mandates for the same; None where there is none.

	Grouping by texts is slow where there are many: numbers made of them are grouped first, and only those payers
	are compared by name whose number came twice.
	"""
	mandate = profile["mandate"].source()
	party = mandate["party"]
	mapped = [name for name in PURPOSES if profile["mandate"].has(name)]
	several = Criterion.any([fn.Sum(mandate[name]) > 1 for name in mapped] or [fn.Count("*") > 1])
	active = mandate.start(site.db).where(mandate.is_("active")).where(~is_blank(party))
	if site.db.dialect in HASHES:
		number = Fn(HASHES[site.db.dialect], party)
		twice = active.select(number.as_("number")).groupby(number).having(several).limit(MOST_NUMBERS + 1)
		numbers = [row["number"] for row in site.db.run(twice)]
		if not numbers:
			return None
		if len(numbers) <= MOST_NUMBERS:
			active = active.where(number.isin(numbers))
	return active.select(party.as_("party")).groupby(party).having(several).orderby(party)


def _rows_of(site: Site, grouped: QueryBuilder) -> int:
	"""Count the rows of a query that groups."""
	return site.db.count(site.db.query.from_(grouped.as_("grouped")))
