"""Does Frappe's monitor write what it measures?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _monitor
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Monitor(Check):
	"""Does what Frappe's monitor measures reach its file, or does it fill Redis?

	Cost: one LLEN in the cache server.
	"""

	title = _("Frappe's monitor")
	explained_by = (
		*("scheduler.alive", "scheduler.enabled", "scheduler.switches", "scheduler.overdue"),
		*("scheduler.stopped", "scheduler.maintenance", "jobs.workers", "cache.reachable"),
	)

	#: It is emptied every few minutes; so many entries were left for hours.
	most: int = 10_000

	def run(self, site: Site) -> Answer:
		if not _monitor.is_on(site):
			raise NotApplicable(_("Frappe's monitor is off."))
		key = f"{site.config.get('db_name')}|monitor-transactions"
		with site.cache.client() as client:
			waiting = int(client.llen(key))
		yield self.measure(entries_waiting=waiting)
		if waiting < self.most:
			return
		yield self.warning(
			_("Entries of Frappe's monitor that wait in Redis: {count}."),
			cause=_(
				"The scheduled job frappe.monitor.flush, which writes them to logs/monitor.json.log, does not run, or may"
				" not write there. They take up memory of the cache, up to a million of them."
			),
			remedy=_(
				"Run `bench --site {site} execute frappe.monitor.flush` and see whether logs/monitor.json.log grows; if"
				" not, look at its owner. Nobody reads it? `bench --site {site} set-config monitor 0` turns it off."
			),
			subjects=[("Redis list", key)],
			count=waiting,
			site=site.name,
		)
