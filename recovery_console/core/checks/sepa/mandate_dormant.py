"""Have mandates lapsed because nothing was collected for too long?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Term

from recovery_console.core.backends.sql import Column
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import folded, lines_of, tally
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.site import Site
from recovery_console.core.times import day

#: A collection counts from when it was handed in, also if it was refused or returned.
PRESENTED = ("file_made", "sent", "done", "failed")

#: From these the last use of a mandate can be told.
COLLECTIONS = ("line.umr", "line.parent", "batch.date", "batch.status")


@dataclass(frozen=True)
class MandateDormant(Check):
	"""Are there active mandates on which nothing was presented for 36 months?

	The clock starts with the last collection that was presented, even if it came back; the age of the signature
	does not matter.

	Cost: one look for mandates that are old enough; only if there are, one grouped read of all collections that
	were ever presented.
	"""

	title = _("Dormant mandates")

	#: So many months without a presented collection, and the mandate may not be used again.
	months: int = 36

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.signed_on", "mandate.umr", "mandate.status"):
			if not profile.has("mandate.last_used_on") and not profile.has(*COLLECTIONS):
				raise NotApplicable(_("The SEPA profile does not say when a mandate was last used."))
			before = months_before(day(site.db_time(site.now())) or date.min, self.months)
			mandate = profile["mandate"].source("m")
			# who signed later cannot have lapsed: mostly that is everybody, and the collections need no look
			old = mandate.start(site.db).where(mandate.is_("active") & (mandate["signed_on"] < before))
			if not site.db.run(old.select(mandate["id"]).limit(1)):
				continue
			query, last = with_last_use(site, profile, mandate, old)
			yield from self._lapsed(site, profile, mandate, query.where(last < before))
			yield from self._never_used(site, profile, mandate, query.where(last.isnull()))

	def _lapsed(
		self, site: Site, profile: Profile, mandate: Source, query: QueryBuilder
	) -> Iterator[Finding]:
		count, named = tally(site, mandate, query)
		if count:
			yield self.warning(
				_(
					"Active mandates that have lapsed, because nothing was collected for {months} months: {count}."
				),
				cause=_(
					"SEPA rules end a mandate so long after the last collection that was presented. A debit on it is"
					" unauthorised and can be claimed back for 13 months."
				),
				remedy=_("Set them to Expired, and ask those who still owe something for a new mandate."),
				subject=f"{profile.id}:lapsed",
				subjects=named,
				count=count,
				months=self.months,
			)

	def _never_used(
		self, site: Site, profile: Profile, mandate: Source, query: QueryBuilder
	) -> Iterator[Finding]:
		count, named = tally(site, mandate, query)
		if count:
			yield self.info(
				_("Active mandates that were signed over {months} months ago and never used: {count}."),
				cause=_(
					"No collection is known from which the {months} months would count; they may have lapsed."
				),
				remedy=_("Confirm with the payer before the first collection, or set them to Expired."),
				subject=f"{profile.id}:unused",
				subjects=named,
				count=count,
				months=self.months,
			)


def with_last_use(
	site: Site, profile: Profile, mandate: Source, query: QueryBuilder
) -> tuple[QueryBuilder, Any]:
	"""Join to mandates the day of the last collection on each; return both."""
	if mandate.role.has("last_used_on"):
		return query, mandate["last_used_on"]
	lines = lines_of(site, profile, PRESENTED)
	key: Term = folded(site, lines.line["umr"])
	used = lines.query.select(key.as_("umr"), fn.Max(lines.batch["date"]).as_("last_on")).groupby(key)
	used.alias = "used"
	same = Column("umr", table=used) == folded(site, mandate["umr"])
	return query.left_join(used).on(same), Column("last_on", table=used)


def months_before(start: date, months: int) -> date:
	count = start.year * 12 + start.month - 1 - months
	year, month = divmod(count, 12)
	first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
	return date(year, month + 1, min(start.day, (first_of_next - timedelta(days=1)).day))
