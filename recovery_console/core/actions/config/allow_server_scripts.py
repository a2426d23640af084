"""Let Server Scripts run on this bench."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "server_script_enabled"


@dataclass(frozen=True)
class AllowServerScripts(Action):
	"""Set server_script_enabled in common_site_config.json, the only file in which Frappe looks for it."""

	title = _("Allow Server Scripts")
	risk = Risk.DISRUPTIVE
	checks = ("config.server_scripts",)

	def plan(self, site: Site) -> Plan:
		edit = set_key(site, "common", KEY, 1)
		return self.planned(
			site,
			_("Let Server Scripts run on this bench"),
			[batch("Setting", KEY, edit)] if not site.config.common.values.get(KEY) else [],
			warnings=[
				_(
					"It holds for all sites of the bench: whoever may write Server Scripts on one of them can run code here."
				),
				_("Restart the bench afterwards: bench restart."),
			],
		)
