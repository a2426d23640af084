"""Take away the switches that hold the scheduler."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._switches import config_switch
from recovery_console.core.checks.scheduler._switches import SETTINGS
from recovery_console.core.checks.scheduler.maintenance import running_update
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Resume(Action):
	"""Take pause_scheduler and disable_scheduler out of the file in which they stand.

	`bench scheduler resume` changes the site's own file only, and never disable_scheduler.
	"""

	title = _("Resume the scheduler")
	risk = Risk.DISRUPTIVE
	checks = ("scheduler.switches",)
	resources = ("config",)

	def plan(self, site: Site) -> Plan:
		running, _since = running_update(site)
		if running:
			raise UsageError(
				f"An update is running ({running}), which paused the scheduler for good reason.",
				remedy="Let it end; it starts the scheduler again by itself.",
			)
		batches = list(self._batches(site))
		return self.planned(
			site,
			_("Switches to take away that hold the scheduler: {count}"),
			batches,
			warnings=list(self._warnings(site, batches)),
		)

	@staticmethod
	def _batches(site: Site) -> Iterator[Batch]:
		for key in SETTINGS:
			edits = config_switch(site, key)
			if edits:
				yield batch("Setting", key, *edits)

	@staticmethod
	def _warnings(site: Site, batches: list[Batch]) -> Iterator[str]:
		if any(edit.as_dict()["file"] == "common" for item in batches for edit in item.edits):
			yield _(
				"It stands in common_site_config.json, so the scheduler begins for all sites of the bench."
			)
		if site.config.get("maintenance_mode"):
			yield _(
				"The site is in maintenance mode, in which the scheduler rests whatever this switch says."
			)
		if batches:
			yield _("Everything that is due begins at once: mails that wait, reminders, recurring invoices.")
