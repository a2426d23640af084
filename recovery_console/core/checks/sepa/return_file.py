"""Were the bank's return files worked through?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import tally
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ReturnFile(Check):
	"""Are there return files that failed, were booked in part, or are still being processed?

	Cost: two counts over the return files within the window.
	"""

	title = _("Return files")

	#: Files that were read in before are not looked at.
	window: timedelta = timedelta(days=90)
	#: How long a file may be in work.
	patience: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "return_log.status"):
			log = profile["return_log"].source("r")
			recent = log.start(site.db).where(log["modified"] >= site.ago(self.window))
			count, named = tally(site, log, recent.where(log.is_("failed", "partial")))
			if count:
				yield self.critical(
					_("Return files that were not booked, or only in part: {count}."),
					cause=_("Invoices count as paid whose money the bank took back."),
					remedy=_(
						"Open each, read its error, and cancel the payments of the returned collections by hand where"
						" reading the file again does not help."
					),
					subject=f"{profile.id}:failed",
					subjects=named,
					count=count,
				)
			hanging = recent.where(log.is_("running") & (log["modified"] < site.ago(self.patience)))
			count, named = tally(site, log, hanging)
			if count:
				yield self.warning(
					_("Return files that have been in work for more than {hours} h: {count}."),
					cause=_("The process that read them ended; it is not known how far it came."),
					remedy=_(
						"Compare the file with the payments that were cancelled since, and book what is missing."
					),
					subject=f"{profile.id}:running",
					subjects=named,
					count=count,
					hours=self.patience.total_seconds() / 3600,
				)
