"""When will the disk be full?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _history
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: What the check host.disk measures.
FREE = "host.disk.free_gib"


@dataclass(frozen=True)
class Capacity(Check):
	"""If it goes on as in the last days, when will the disk be full?

	Cost: the measurements of up to 400 snapshots of the console, read once for all checks.
	"""

	title = _("Days until the disk is full")
	explained_by = ("host.disk", "storage.logs", "storage.growth", "database.log_tables", "backups.retention")

	warning_days: float = 14.0
	critical_days: float = 3.0
	#: A line that fits worse says nothing: the space goes up and down.
	least_fit: float = 0.5

	def run(self, site: Site) -> Answer:
		points = _history.points(site, FREE)
		line = _history.fit(points)
		free = min(points[-1].value, max(line.at_end, 0.0))
		days = free / -line.per_day if line.per_day < 0 else None
		yield self.measure(
			free_gib_per_day=round(line.per_day, 3),
			**({} if days is None else {"full_in_days": round(days, 1)}),
		)
		if days is None or line.fit < self.least_fit or days > self.warning_days:
			return
		yield (self.critical if days <= self.critical_days else self.warning)(
			_("The disk will be full in about {days} days."),
			cause=_(
				"In the last {looked_at} days free space shrank by {per_day} GiB a day; {free_gib} GiB are left. A full disk"
				" stops the database, Redis and all backups at once."
			),
			remedy=_(
				"See what grew: logs, backups in sites/{site}/private/backups, uploads, the database. Clear or move what is"
				" not needed, or enlarge the disk before that day."
			),
			subjects=[("Host", site.host.name)],
			count=1,
			days=round(days, 1),
			per_day=round(-line.per_day, 2),
			free_gib=round(points[-1].value, 1),
			looked_at=round(line.days, 1),
			fit=round(line.fit, 2),
			site=site.name,
		)
