"""Do scheduled jobs name code that is not there?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._methods import what_is_missing
from recovery_console.core.checks.scheduler._types import DOCTYPE, JobType, active_types
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class GoneMethod(Check):
	"""Do scheduled jobs name a function or server script that does not exist?

	Cost: one source file per job type, searched for the name; parsed only where it is not plain to see.
	"""

	title = _("Scheduled jobs without code")
	needs = (DOCTYPE,)
	budget = timedelta(seconds=5)

	def run(self, site: Site) -> Answer:
		if site.files.stat(site.bench / "apps" / "frappe" / "frappe" / "__init__.py") is None:
			raise SourceUnavailable(
				"files",
				f"The source of Frappe is not in {site.bench / 'apps'}, so the code of jobs cannot be looked for.",
				remedy="Run the console where the bench's apps are.",
				kind="missing",
			)
		gone = gone_types(site)
		yield self.measure(gone=len(gone))
		if not gone:
			return
		first, missing = gone[0]
		yield self.warning(
			_("Scheduled jobs whose code does not exist: {count}."),
			cause=_(
				"{method}: {missing} An update removed or renamed it, an app was taken away, or its hooks are wrong. Each"
				" run fails, or does nothing."
			),
			remedy=_(
				"`bench --site {site} migrate` removes the job types that no app names any more. If an app's hooks name it,"
				" that app needs mending or updating; until then choose Stopped on the Scheduled Job Type."
			),
			subjects=[(DOCTYPE, found.name) for found, _missing in gone],
			method=first.server_script or first.method,
			missing=missing,
			site=site.name,
			all_missing={found.method: why for found, why in gone[:20]},
		)


def gone_types(site: Site) -> list[tuple[JobType, str]]:
	"""Return the job types whose code does not exist, each with why."""
	scripts = _scripts(site)
	return [
		(found, missing)
		for found in active_types(site)
		if (missing := _missing(site, found, scripts)) is not None
	]


def _scripts(site: Site) -> frozenset[str]:
	if not site.has_doctype("Server Script"):
		return frozenset()
	t = table("Server Script")
	rows = site.db.run(site.db.from_(t).select(t["name"]).where(t.script_type == "Scheduler Event"))
	return frozenset(str(row["name"]) for row in rows)


def _missing(site: Site, found: JobType, scripts: frozenset[str]) -> str | None:
	if found.server_script:
		return (
			None
			if found.server_script in scripts
			else _("There is no Server Script {0} for scheduled events.").format(found.server_script)
		)
	return what_is_missing(site, found.method)
