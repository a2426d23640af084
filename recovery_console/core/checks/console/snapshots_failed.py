"""Do snapshots come to an end?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SnapshotsFailed(Check):
	"""Do snapshots fail, or never end?

	Cost: one read of the day's snapshots, by index.
	"""

	title = _("Snapshots that failed")
	needs = (_snapshots.DOCTYPE,)
	explained_by = ("jobs.abandoned", "jobs.overtime", "jobs.failed", "host.memory", "database.latency")

	window: timedelta = timedelta(days=1)
	#: One that has been running for longer was interrupted.
	running_for: timedelta = timedelta(hours=1)
	#: So many in the window are no accident.
	at_least: int = 2

	def run(self, site: Site) -> Answer:
		t = table(_snapshots.DOCTYPE)
		broken = (t.status == "Failed") | (
			(t.status == "Running") & (t.creation < site.ago(self.running_for))
		)
		query = site.db.from_(t).select(t["name"], t.status, t["error"])
		query = query.where(_snapshots.within(site, t, self.window) & broken)
		rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(200))
		yield self.measure(failed_snapshots=len(rows))
		if len(rows) < self.at_least:
			return
		errors = [str(row["error"]) for row in rows if row["error"]]
		yield self.warning(
			_("Snapshots that failed or never ended in the last day: {count}."),
			cause=_("{error}"),
			remedy=_(
				"Run `bench --site {site} recovery diagnose`: it says what goes wrong. A process that was ended in the"
				" middle points at too little memory or a restart at the full hour."
			),
			subjects=[(_snapshots.DOCTYPE, str(row["name"])) for row in rows],
			count=len(rows),
			error=redact_text(errors[0], personal=True)[:300]
			if errors
			else _("The process that took it ended before the snapshot did."),
			site=site.name,
		)
