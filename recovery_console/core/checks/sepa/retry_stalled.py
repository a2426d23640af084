"""Do payment retries happen?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika.queries import QueryBuilder

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import tally
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.site import Site

#: Code of a mistake -> what is wrong, what comes of it, what to do.
TEXTS = {
	"overdue": (
		_("Payment retries whose day has passed without an attempt: {count}."),
		_("The job that should present them again did not run, or ran without effect."),
		_("Look at the job in Scheduled Job Type; collect the invoices with the next batch meanwhile."),
	),
	"waiting": (
		_("Payment retries that were never given a day: {count}."),
		_("Planning them failed, often with an error in Error Log; nothing will happen by itself."),
		_("Decide by the reason code: set a day, or close the retry and contact the payer."),
	),
	"uncovered": (
		_("Planned payment retries without an active mandate: {count}."),
		_("The mandate was cancelled or expired since; the attempt will fail, or debit without permission."),
		_("Close the retry and agree with the payer on a new mandate or another way to pay."),
	),
}


@dataclass(frozen=True)
class RetryStalled(Check):
	"""Are there payment retries that should have run, were never planned, or have no mandate to run on?

	Cost: three counts over the retries that are waiting or planned.
	"""

	title = _("Payment retries")

	#: How long after its day a retry may take.
	grace: timedelta = timedelta(days=1)
	#: How long a retry may wait for a day.
	patience: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "retry.status", "retry.next_on"):
			retry = profile["retry"].source("r")
			planned = retry.start(site.db).where(retry.is_("scheduled"))
			overdue = planned.where(retry["next_on"] < site.ago(self.grace).date())
			yield from self._say(site, profile, retry, "overdue", overdue)
			waiting = retry.start(site.db).where(retry.is_("waiting") & retry["next_on"].isnull())
			waiting = waiting.where(retry["modified"] < site.ago(self.patience))
			yield from self._say(site, profile, retry, "waiting", waiting)
			if profile.has("retry.party", "mandate.party", "mandate.status"):
				uncovered = planned.where(retry["next_on"] >= site.ago(self.grace).date())
				mandate = profile["mandate"].source("m")
				covered = mandate.start(site.db).select(mandate["party"]).where(mandate.is_("active"))
				covered = covered.where(mandate["party"].notnull())
				yield from self._say(
					site, profile, retry, "uncovered", uncovered.where(retry["party"].notin(covered))
				)

	def _say(
		self, site: Site, profile: Profile, retry: Source, code: str, query: QueryBuilder
	) -> Iterator[Finding]:
		count, named = tally(site, retry, query)
		if count:
			title, cause, remedy = TEXTS[code]
			yield self.warning(
				title, cause=cause, remedy=remedy, subject=f"{profile.id}:{code}", subjects=named, count=count
			)
