"""Does work of the accounts hang in the background?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._background import hits
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AccountingJobsStuck(Check):
	"""Which repostings, reconciliations and closings have been waiting or running for far too long?

	Cost: the documents of seven DocTypes made within the window, as many as the site has.
	"""

	title = _("Background work of the accounts that hangs")
	needs_app = "erpnext"
	explained_by = (
		"jobs.workers",
		"jobs.backlog",
		"jobs.unserved_queues",
		"jobs.abandoned",
		"scheduler.alive",
		"scheduler.enabled",
		"scheduler.overdue",
	)

	#: Repostings are taken up once an hour and may be kept to the night.
	older_than: timedelta = timedelta(hours=24)
	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		for hit in hits(site, self.window, failed=False, older_than=self.older_than):
			yield self.warning(
				_("{doctype}: {count} not finished and unchanged for {hours} hours."),
				cause=_(
					"The job that was to do it never came, or ended without a word when its worker was stopped. {effect}"
				),
				remedy=_(
					"See first that workers and scheduler run. Then open {doctype}, filtered by the status, and start"
					" the oldest again; cancel it and submit a new one where there is no such button."
				),
				subject=hit.kind.doctype,
				subjects=hit.subjects,
				count=hit.count,
				hours=int(self.older_than.total_seconds() // 3600),
				doctype=hit.kind.doctype,
				effect=hit.kind.effect,
				oldest=hit.oldest,
			)
