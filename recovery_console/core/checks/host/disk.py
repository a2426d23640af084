"""Are the disks full?"""

from __future__ import annotations

from recovery_console.core.backends.host import FileSystem
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.host._disks import GIB, file_systems, places
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Disk(Check):
	"""Are the disks of the bench, or of a database on the same machine, full or nearly so?

	Cost: one system call for each file system.
	"""

	title = _("Disk space")

	warning_share: float = 0.8
	critical_share: float = 0.9
	#: With more free than this, a large disk is not called full, whatever the share.
	plenty_gib: int = 20
	#: With less free than this, any disk is full: an update or a backup needs more.
	least_gib: int = 2

	def run(self, site: Site) -> Answer:
		systems = file_systems(site)
		yield self.measure(
			used_percent=round(100 * max(system.used_share for system in systems), 1),
			free_gib=round(min(system.free_bytes for system in systems) / GIB, 1),
		)
		for system in systems:
			finding = self._judge(site, system)
			if finding is not None:
				yield finding

	def _judge(self, site: Site, system: FileSystem) -> Finding | None:
		free = system.free_bytes / GIB
		full = system.used_share >= self.critical_share or free < self.least_gib
		if not full and system.used_share < self.warning_share:
			return None
		if free >= max(self.plenty_gib, self.least_gib):
			return None
		return (self.critical if full else self.warning)(
			_("The disk with {places} on {host} is {percent} % full; free: {free_gib} GiB."),
			cause=_(
				"When it is full, the database stops or damages tables, Redis refuses jobs (MISCONF), uploads fail, and"
				" site_config.json can be left empty. Mostly backups, logs, the database's binary logs or uploads."
			),
			remedy=_(
				"Find the largest with `du -xh --max-depth=3 {first} | sort -h | tail`. Move old backups away, rotate or"
				" delete old logs; delete nothing inside the database's folder by hand. Or enlarge the disk."
			),
			subject=str(system.paths[0]),
			subjects=[("Disk", str(system.paths[0]))],
			places=places(system),
			first=str(system.paths[0]),
			host=site.host.name,
			percent=round(100 * system.used_share),
			free_gib=round(free, 1),
			total_gib=round(system.total_bytes / GIB, 1),
		)
