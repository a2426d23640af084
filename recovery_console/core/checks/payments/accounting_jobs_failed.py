"""Did work of the accounts fail in the background?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._background import hits
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AccountingJobsFailed(Check):
	"""Which repostings, reconciliations, closings and other background work of the accounts failed?

	Cost: the documents of ten DocTypes made within the window, as many as the site has.
	"""

	title = _("Failed background work of the accounts")
	needs_app = "erpnext"
	explained_by = ("jobs.abandoned", "jobs.workers")

	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		found = hits(site, self.window, failed=True)
		yield self.measure(failed_accounting_jobs=sum(hit.count for hit in found))
		for hit in found:
			yield self.warning(
				_("{doctype}: {count} failed."),
				cause=_("It is not tried again by itself. {effect}"),
				remedy=_("Open {doctype}, filtered by the status. {advice}"),
				subject=hit.kind.doctype,
				subjects=hit.subjects,
				count=hit.count,
				doctype=hit.kind.doctype,
				effect=hit.kind.effect,
				advice=hit.kind.remedy,
				oldest=hit.oldest,
			)
