"""Was money promised and never taken?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Uncaptured(Check):
	"""Which payments has a gateway authorised, that this site did not complete?

	Cost: the Integration Requests of the window, up to three times.
	"""

	title = _("Authorised payments that were not completed")
	needs = ("Integration Request",)
	explained_by = ("jobs.workers", "scheduler.alive", "scheduler.enabled")

	after: timedelta = timedelta(hours=1)
	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		t, since = table("Integration Request"), site.ago(self.window)
		query = site.db.from_(t).where(
			(t.creation >= since)
			& (t.modified >= since)
			& (t.modified < site.ago(self.after))
			& (t.status == "Authorized")
		)
		count, names = count_and_names(site, query, t["name"])
		if count:
			oldest = site.db.value(query.select(Fn("MIN", t.creation)))
			yield self.warning(
				_("Payments that were authorised and never completed: {count}."),
				cause=_(
					"The payer agreed, and the job that takes the money and marks the document as paid did not finish."
					" An authorisation lapses after some days; then the money is lost."
				),
				remedy=_(
					"See in the gateway's own website whether the money was taken. If it was, enter the payment here;"
					" if not, complete it there. Error Log tells why the job failed."
				),
				subjects=[("Integration Request", name) for name in names],
				count=count,
				oldest=site.moment(oldest),
			)
