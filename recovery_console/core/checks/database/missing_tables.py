"""Are tables of DocTypes missing?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database._expected import expected
from recovery_console.core.checks.database._tables import columns, key
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MissingTables(Check):
	"""Has every DocType that needs one a table in the database?

	Cost: one read of DocType, DocField and Custom Field and one of the catalogue, each once for all checks.
	"""

	title = _("Missing tables")
	needs = ("DocType", "DocField", "Custom Field")
	explained_by = ("database.reachable", "config.patches_failed", "config.patches_pending")

	def run(self, site: Site) -> Answer:
		present = columns(site)
		missing = sorted(name for name in expected(site).doctypes if key(site, f"tab{name}") not in present)
		yield self.measure(missing_tables=len(missing))
		if not missing:
			return
		yield self.critical(
			_("DocTypes without their table: {count}."),
			cause=_(
				"Each page, report or job that reads one of them ends in an error. An update or restore was interrupted, or"
				" a table was dropped by hand."
			),
			remedy=_(
				"Run `bench --site {site} migrate`: it makes the tables anew, empty. If they held data, bring that back from"
				" the last good backup before anyone works with them."
			),
			subjects=[("DocType", name) for name in missing],
			site=site.name,
		)
