"""Which imports of other apps failed?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _app_runs as app_runs
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AppFailed(Check):
	"""Which imports that other apps bring with them failed, or took in only a part, in the last days?

	Cost: two queries for each kind of import that a profile names, by their last change.
	"""

	title = _("Failed imports of other apps")

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		kinds = app_runs.kinds(site)
		if not kinds:
			raise NotApplicable(_("No app on this site brings an import of its own that a profile knows."))
		for role in kinds:
			found = app_runs.find(
				site, role, ("failed", "partial"), site.ago(self.window), site.ago(timedelta(0))
			)
			if found.count:
				yield self.warning(
					_("Failed runs of {doctype}: {count}."),
					cause=_("The error of the last one: {error}")
					if found.error
					else _("They left no error text; the Error Log of that time may hold it."),
					remedy=_(
						"Open the run and its error log, correct the file or the settings, and import it again."
					),
					subject=role.doctype,
					subjects=found.subjects,
					count=found.count,
					doctype=role.doctype,
					error=found.error,
					newest=site.moment(found.newest[0]["modified"]),
				)
