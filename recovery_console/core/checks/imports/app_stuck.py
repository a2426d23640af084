"""Which imports of other apps began and never ended?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _app_runs as app_runs
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AppStuck(Check):
	"""Which imports that other apps bring with them have been running for longer than any job may?

	Cost: two queries for each kind of import that a profile names, by their last change.
	"""

	title = _("Imports of other apps that never ended")
	explained_by = ("jobs.abandoned",)

	#: The longest time limit that Frappe gives an import is 10,000 seconds.
	older_than: timedelta = timedelta(hours=3)
	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		kinds = app_runs.kinds(site)
		if not kinds:
			raise NotApplicable(_("No app on this site brings an import of its own that a profile knows."))
		for role in kinds:
			found = app_runs.find(site, role, ("running",), site.ago(self.window), site.ago(self.older_than))
			if found.count:
				yield self.warning(
					_("Runs of {doctype} that began and never ended: {count}."),
					cause=_(
						"The worker or the request that ran them ended; nothing sets their status any more."
					),
					remedy=_(
						"Look at what they made so far before you import the file again: what is in already would"
						" come in twice."
					),
					subject=role.doctype,
					subjects=found.subjects,
					count=found.count,
					doctype=role.doctype,
					newest=site.moment(found.newest[0]["modified"]),
				)
