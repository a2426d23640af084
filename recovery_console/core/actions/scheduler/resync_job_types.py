"""Bring the job types into line with what the apps say."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.scheduler._types import DOCTYPE, job_types
from recovery_console.core.checks.scheduler.gone_method import gone_types
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ResyncJobTypes(Action):
	"""Let Frappe read the scheduled jobs of all installed apps anew, as a migration does at its end.

	Job types that an app names and that are missing are made; those that no app names any more, and that belong to
	no script, are deleted with the note when they last ran.
	"""

	title = _("Read the apps' scheduled jobs anew")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("scheduler.gone_method", "scheduler.plan")

	def plan(self, site: Site) -> Plan:
		gone = gone_types(site)
		act = Act(_("read anew"), "Site", site.name, {"types": len(job_types(site))}, frappe=True)
		return self.planned(
			site,
			_("Read the scheduled jobs of all installed apps anew"),
			[batch("Site", site.name, act)],
			job_types=len(job_types(site)),
			without_code=[found.method for found, _missing in gone[:20]],
		)
