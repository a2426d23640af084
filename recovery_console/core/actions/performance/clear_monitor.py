"""Empty the list in which Frappe's monitor keeps what it measured."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.cached import cache_key
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ClearMonitor(Action):
	"""Empty the list of Redis that Frappe's monitor fills and nothing writes to its file any more.

	What was measured and not yet written is gone, and comes back with undo.
	"""

	title = _("Empty the monitor's list")
	risk = Risk.REVERSIBLE
	checks = ("performance.monitor",)

	def plan(self, site: Site) -> Plan:
		key = cache_key(site, "monitor-transactions")
		found = removed(site.cache, [key])
		with site.cache.client() as client:
			entries = int(client.llen(key)) if found else 0
		return self.planned(
			site,
			_("Entries to take out of the monitor's list: {entries}"),
			[batch("Redis list", key.decode("utf-8", "replace"), edit) for edit in found.values()],
			warnings=[_("What was measured and not yet written to logs/monitor.json.log is left out of it.")]
			if found
			else [],
			entries=entries,
		)
