"""Give reports up that never came."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_DOCTYPE = "Prepared Report"


@dataclass(frozen=True)
class GiveUpReports(Action):
	"""Mark reports that are made in the background and whose job was lost as failed, so that people ask anew.

	Frappe ends the making of a report after 25 minutes and calls one lost after an hour.
	"""

	title = _("Give lost reports up")
	risk = Risk.REVERSIBLE
	needs = (_DOCTYPE,)
	checks = ("performance.reports",)

	names: tuple[str, ...] = ()
	older_than: timedelta = timedelta(hours=2)
	window: timedelta = timedelta(days=3)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		known_names(site, _DOCTYPE, self.names)
		t = table(_DOCTYPE)
		since, until = site.ago(self.window), site.ago(self.older_than)
		stuck = t.status.isin(["Queued", "Started"]) & (t.creation >= since) & (t.modified >= since)
		query = site.db.from_(t).select(t["name"], t.report_name, t.status, t.error_message, t.modified)
		query = query.where(stuck & (t.creation < until) & (t.modified < until)).orderby(t.creation)
		now = site.ago(timedelta(0))
		said = _(
			"The job that made this report was lost. Ask for it again, with a shorter period if it is large."
		)
		return self.planned(
			site,
			_("Lost reports to mark as failed: {count}"),
			[
				batch(
					_DOCTYPE,
					row["name"],
					changed(_DOCTYPE, row, status="Error", error_message=said, modified=now),
					why=str(row["report_name"]),
				)
				for row in site.db.run(query.limit(self.most + 1))
				if not self.names or row["name"] in self.names
			],
			most=self.most,
		)
