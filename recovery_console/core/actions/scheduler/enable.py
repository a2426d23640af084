"""Enable scheduled jobs in System Settings."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import single_changed
from recovery_console.core.site import Site

SETTINGS = "System Settings"


@dataclass(frozen=True)
class Enable(Action):
	"""Tick “Enable Scheduled Jobs” in System Settings.

	Switches in the configuration files are another action's: ``scheduler.resume``.
	"""

	title = _("Enable scheduled jobs")
	risk = Risk.DISRUPTIVE
	checks = ("scheduler.enabled",)

	def plan(self, site: Site) -> Plan:
		if site.single_int(SETTINGS, "enable_scheduler"):
			return self.planned(site, _("Scheduled jobs are enabled already"), [])
		return self.planned(
			site,
			_("Enable scheduled jobs"),
			[
				batch(
					SETTINGS,
					"enable_scheduler",
					*noticed(
						site,
						(document_key(SETTINGS, SETTINGS), "system_settings"),
						single_changed(site, SETTINGS, "enable_scheduler", 1),
					),
				)
			],
			warnings=[
				_(
					"Everything that is due begins at once: mails that wait, reminders, recurring invoices. Somebody may"
					" have switched it off on purpose, as on a copy of the site for tests."
				)
			],
		)
