"""Do reports that are made in the background get done?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_DOCTYPE = "Prepared Report"


@dataclass(frozen=True)
class Reports(Check):
	"""Are reports that people wait for still not made hours later?

	Cost: one count and up to 20 rows of Prepared Report within a window, by index.
	"""

	title = _("Reports that never come")
	needs = (_DOCTYPE,)
	explained_by = (
		*("jobs.workers", "jobs.backlog", "jobs.unserved_queues", "jobs.abandoned", "jobs.redis"),
		*("jobs.failed", "jobs.overtime"),
	)

	#: Frappe gives a report 25 minutes and calls one lost after an hour.
	older_than: timedelta = timedelta(hours=2)
	#: Nobody waits for older ones any more.
	window: timedelta = timedelta(days=3)

	def run(self, site: Site) -> Answer:
		t = table(_DOCTYPE)
		since, until = site.ago(self.window), site.ago(self.older_than)
		stuck = (
			(t.status.isin(["Queued", "Started"]))
			& (t.creation >= since)
			& (t.modified >= since)
			& (t.creation < until)
		)
		count = site.db.count(site.db.from_(t).where(stuck))
		yield self.measure(stuck_reports=count)
		if not count:
			return
		query = site.db.from_(t).select(t["name"], t.report_name, t.creation).where(stuck)
		rows = site.db.run(query.orderby(t.creation).limit(20))
		age = site.age(rows[0]["creation"]) or self.older_than
		yield self.warning(
			_("Reports that somebody waits for and that never came: {count}."),
			cause=_(
				"{report} was asked for {age} ago. Its job was lost, or ended with the worker that made it; a report that"
				" takes longer than 25 minutes is ended too."
			),
			remedy=_(
				"Ask for it again, with a shorter period if it is a large one, and delete the old ones under Prepared Report."
			),
			subjects=[(_DOCTYPE, row["name"]) for row in rows],
			count=count,
			report=rows[0]["report_name"],
			age=in_words(age),
			reports=sorted({str(row["report_name"]) for row in rows}),
		)
