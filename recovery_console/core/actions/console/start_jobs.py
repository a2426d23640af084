"""Let the scheduler run the console's own jobs again."""

from __future__ import annotations

from datetime import timedelta

from recovery_console import hooks
from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.backends.sql import table
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_DOCTYPE = "Scheduled Job Type"


@dataclass(frozen=True)
class StartJobs(Action):
	"""Start the console's own scheduled jobs again that somebody stopped."""

	title = _("Start the console's own jobs")
	risk = Risk.REVERSIBLE
	needs = (_DOCTYPE,)
	checks = ("console.jobs",)

	def plan(self, site: Site) -> Plan:
		methods = sorted(method for planned in hooks.scheduler_events.values() for method in planned)
		t = table(_DOCTYPE)
		query = site.db.from_(t).select(t["name"], t.method, t.stopped, t.modified)
		rows = site.db.run(query.where(t.method.isin(methods)).orderby(t.method))
		now = site.ago(timedelta(0))
		missing = sorted(set(methods) - {row["method"] for row in rows})
		return self.planned(
			site,
			_("Jobs of the console to start: {count}"),
			[
				batch(_DOCTYPE, row["method"], changed(_DOCTYPE, row, stopped=0, modified=now))
				for row in rows
				if row["stopped"]
			],
			left_out=left_alone(
				_DOCTYPE, missing, _("The scheduler does not know it: `bench migrate` tells it.")
			),
		)
