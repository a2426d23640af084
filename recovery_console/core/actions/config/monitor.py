"""Let the site log each request and job for a while, or no longer."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.actions.config._switches import config_switch
from recovery_console.core.edits import ConfigEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "monitor"


@dataclass(frozen=True)
class Monitor(Action):
	"""Switch Frappe's log of requests and jobs on for this site, or with ``on=no`` off again.

	It shows how long each took. Frappe collects it in the cache and writes it to logs/monitor.json.log now and then.
	"""

	title = _("Log each request and job for a while")
	risk = Risk.REVERSIBLE
	checks = ()

	on: bool = True

	def plan(self, site: Site) -> Plan:
		edits: list[ConfigEdit] = []
		if self.on and not site.config.flag(KEY):
			edits = [set_key(site, "site", KEY, 1)]
		elif not self.on:
			edits = [edit for edit in config_switch(site, KEY) if edit.file == "site"]
		return self.planned(
			site,
			_("Log each request and job") if self.on else _("Log requests and jobs no longer"),
			[batch("Setting", KEY, *edits)] if edits else [],
			warnings=[_("Restart the bench, so that every process notices: bench restart.")] if edits else [],
		)
