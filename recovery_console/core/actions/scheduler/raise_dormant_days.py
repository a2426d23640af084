"""Let Frappe 15 take the site for one that is used."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.checks.scheduler.dormant import DORMANT_DAYS
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import single_changed
from recovery_console.core.site import Site

SETTINGS = "System Settings"
FIELD = "dormant_days"


@dataclass(frozen=True)
class RaiseDormantDays(Action):
	"""Raise the days without a log-in after which Frappe 15 runs scheduled jobs only once a day.

	For sites that are used through their API only: calls with an API key leave no trace in Activity Log.
	"""

	title = _("Keep the scheduler awake")
	risk = Risk.REVERSIBLE
	checks = ("scheduler.dormant",)

	days: int = 365

	def plan(self, site: Site) -> Plan:
		if site.frappe_major != 15:
			raise NotApplicable(_("Only Frappe 15 slows the scheduler of a site that nobody logs in to."))
		now = site.single_int(SETTINGS, FIELD) or DORMANT_DAYS
		if not now < self.days <= 3650:
			raise UsageError(
				f"{self.days} days are not more than now.",
				remedy=f"It is {now} now; give a number from {now + 1} to 3650.",
			)
		return self.planned(
			site,
			_("Let the site count as used for {days} days after the last log-in"),
			[
				batch(
					SETTINGS,
					FIELD,
					*noticed(
						site,
						(document_key(SETTINGS, SETTINGS), "system_settings"),
						single_changed(site, SETTINGS, FIELD, self.days),
					),
				)
			],
			days=self.days,
			before=now,
		)
