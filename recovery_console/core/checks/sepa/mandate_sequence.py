"""Are mandates used again that were for one collection, or had their last?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import LIVE, lines_of, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateSequence(Check):
	"""Is there a further collection on a one-off mandate, or after the final collection of a recurring one?

	Cost: the collections of the window joined to their mandates, and the uses of mandates of the window. Using
	RCUR for the first collection is allowed since 2016 and not reported.
	"""

	title = _("Sequence of collections")

	#: Collections before this are not looked at.
	window: timedelta = timedelta(days=400)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "mandate.sequence", "mandate.umr", "line.umr", "line.parent", "batch.date"
		):
			once = self._one_off_again(site, profile)
			final = self._after_final(site, profile)
			again = sorted({*once, *final})
			if again:
				yield self.warning(
					_("Mandates that are collected from again although they were used up: {count}."),
					cause=_(
						"A one-off mandate (OOFF) serves for one collection, and after a final one (FNAL) the mandate is"
						" dead. The payer's bank refuses the next, or the payer claims it back as unauthorised."
					),
					remedy=_(
						"Take the collections out of batches that are still open, and ask the payer for a new mandate."
					),
					subject=profile.id,
					subjects=subjects(profile["mandate"].doctype, again),
					count=len(again),
					one_off=len(once),
					after_final=len(final),
				)

	def _one_off_again(self, site: Site, profile: Profile) -> list[Any]:
		mandate = profile["mandate"].source("m")
		one_off = mandate.start(site.db).where(mandate["sequence"] == "OOFF")
		if not site.db.run(one_off.select(mandate["id"]).limit(1)):
			return []  # mostly there is none, and the collections need no look
		since = site.ago(self.window).date()
		lines = lines_of(site, profile, (*LIVE, "done"), since)
		query = (
			mandate.join(lines.query, mandate["umr"] == lines.line["umr"])
			.select(mandate["id"].as_("id"))
			.where((mandate["sequence"] == "OOFF") & ~lines.line.is_("failed"))
			.groupby(mandate["id"])
			.having(fn.Min(lines.batch["id"]) != fn.Max(lines.batch["id"]))
		)
		return [row["id"] for row in site.db.run(query)]

	def _after_final(self, site: Site, profile: Profile) -> list[Any]:
		if not profile.has("usage.parent", "usage.date", "usage.sequence"):
			return []
		final, later = profile["usage"].source("f"), profile["usage"].source("n")
		query = later.join(final.start(site.db), later["parent"] == final["parent"])
		rows = site.db.run(
			query.select(final["parent"].as_("id"))
			.distinct()
			.where(final["sequence"].isin(["OOFF", "FNAL"]))
			.where(final["date"] >= site.ago(self.window).date())
			.where(later["date"] > final["date"])
		)
		return [row["id"] for row in rows]
