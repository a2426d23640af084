"""Are scheduled jobs enabled in System Settings?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Enabled(Check):
	"""Are scheduled jobs enabled in System Settings?

	Cost: one row.
	"""

	title = _("Scheduler enabled")

	def run(self, site: Site) -> Answer:
		if site.single_int("System Settings", "enable_scheduler"):
			return
		yield self.critical(
			_("Scheduled jobs are switched off in System Settings."),
			cause=_(
				"“Enable Scheduled Jobs” is not ticked. A restored or newly made site begins so until its set-up is"
				" done. Nothing that runs by itself does so now: mail is not sent, reports, reminders, recurring"
				" invoices and clean-ups do not happen."
			),
			remedy=_(
				"If nobody wants it so: `bench --site {site} scheduler enable`, or tick it in System Settings."
			),
			subjects=[("System Settings", "enable_scheduler")],
			site=site.name,
			setting="System Settings.enable_scheduler",
			scope="site",
			value=site.single("System Settings", "enable_scheduler"),
		)
