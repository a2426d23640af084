"""Leave maintenance mode."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._switches import config_switch
from recovery_console.core.checks.scheduler.maintenance import running_update
from recovery_console.core.edits import ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LeaveMaintenance(Action):
	"""Take maintenance_mode out of every file that sets it, when no update runs on this machine.

	Where common_site_config.json sets pause_scheduler beside it, `bench update` set both: both go.
	"""

	title = _("Leave maintenance mode")
	risk = Risk.DISRUPTIVE
	checks = ("scheduler.maintenance", "scheduler.switches")

	def plan(self, site: Site) -> Plan:
		running, _since = running_update(site)
		if running:
			raise UsageError(
				f"An update is running: {running}.",
				remedy="Let it end; it leaves maintenance mode by itself.",
			)
		edits = config_switch(site, "maintenance_mode")
		bench_wide = any(edit.file == "common" for edit in edits)
		if bench_wide:
			edits += self._paused_with_it(site)
		return self.planned(
			site,
			_("Leave maintenance mode"),
			[batch("Site", site.name, *edits)] if edits else [],
			warnings=self._warnings(bench_wide=bench_wide) if edits else [],
			files=sorted({str(path) for path in site.config.defined_in("maintenance_mode")}),
		)

	@staticmethod
	def _paused_with_it(site: Site) -> list[ConfigEdit]:
		return [edit for edit in config_switch(site, "pause_scheduler") if edit.file == "common"]

	@staticmethod
	def _warnings(*, bench_wide: bool) -> list[str]:
		said = [
			_("Users can work at once. If an update stopped half-way, finish it first: data may suffer."),
			_("Processes that run notice within a minute; restart the bench to be sure: bench restart."),
		]
		if bench_wide:
			said.append(_("It stands in common_site_config.json: all sites of the bench come back."))
		return said
