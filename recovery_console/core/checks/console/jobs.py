"""Are the console's own jobs set up?"""

from __future__ import annotations

from recovery_console import hooks
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_DOCTYPE = "Scheduled Job Type"


@dataclass(frozen=True)
class Jobs(Check):
	"""Does the scheduler know the console's own jobs?

	Cost: one read of a few rows by method.
	"""

	title = _("The console's own jobs")
	needs = (_snapshots.DOCTYPE, _DOCTYPE)

	def run(self, site: Site) -> Answer:
		methods = sorted(method for planned in hooks.scheduler_events.values() for method in planned)
		t = table(_DOCTYPE)
		rows = site.db.run(site.db.from_(t).select(t.method, t.stopped).where(t.method.isin(methods)))
		known = {row["method"] for row in rows if not row["stopped"]}
		missing = [method for method in methods if method not in known]
		yield self.measure(own_jobs=len(known))
		if not missing:
			return
		yield self.warning(
			_("Jobs of the console that the scheduler does not run: {count}."),
			cause=_(
				"{missing}: the site was not migrated after the app was installed or updated, or somebody stopped or deleted"
				" them. Without them no snapshot is taken by itself, or old ones are never let go."
			),
			remedy=_(
				"Run `bench --site {site} migrate`. One that was stopped by hand is started under Scheduled Job Type."
			),
			subjects=[(_DOCTYPE, method) for method in missing],
			missing=", ".join(missing),
			site=site.name,
		)
