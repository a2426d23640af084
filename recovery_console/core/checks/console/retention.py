"""Are old snapshots let go?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Retention(Check):
	"""Are snapshots and reports let go when Recovery Settings no longer keep them?

	Cost: two counts on the console's own table, by index.
	"""

	title = _("Old snapshots")
	needs = (_snapshots.DOCTYPE,)
	explained_by = _snapshots.HELD_BACK_BY

	#: Thinning runs once a day; so much later it has not run.
	grace: timedelta = timedelta(days=3)

	def run(self, site: Site) -> Answer:
		t = table(_snapshots.DOCTYPE)
		snapshots = site.ago(_snapshots.days(site, "daily_days", 730) + self.grace)
		reports = site.ago(_snapshots.days(site, "report_days", 7) + self.grace)
		old = site.db.count(site.db.from_(t).where(t.creation < snapshots))
		full = site.db.count(
			site.db.from_(t).where((t.creation < reports) & (t.creation >= snapshots) & (t.report != ""))
		)
		yield self.measure(snapshots_too_old=old, reports_too_old=full)
		if not old + full:
			return
		yield self.warning(
			_("Snapshots kept for longer than Recovery Settings say: {count}."),
			cause=_(
				"{full} still hold their whole report, {old} should be gone. The daily job that lets them go does not run,"
				" so this table grows without end."
			),
			remedy=_("Let them go now: `bench --site {site} execute {method}`. Then look at the scheduler."),
			subjects=[("DocType", _snapshots.DOCTYPE)],
			count=old + full,
			old=old,
			full=full,
			method="recovery_console.tasks.thin_snapshots",
			site=site.name,
		)
