"""Can the disks take more files?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.host._disks import file_systems, places
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Inodes(Check):
	"""Can the disks of the bench take more files, or are their inodes used up while space is left?

	Cost: none of its own; the file systems are read once for all checks.
	"""

	title = _("Number of files on the disks")

	warning_share: float = 0.8
	critical_share: float = 0.95

	def run(self, site: Site) -> Answer:
		systems = [system for system in file_systems(site) if system.inodes]
		for system in systems:
			share = system.inodes_used_share
			yield self.measure(inodes_used_percent=round(100 * share, 1))
			if share < self.warning_share:
				continue
			yield (self.critical if share >= self.critical_share else self.warning)(
				_("The disk with {places} on {host} has used {percent} % of the files that it can hold."),
				cause=_(
					"At 100 % no file can be made, though space is left: the same errors as on a full disk ('No space left on"
					" device'). Mostly hundreds of thousands of small files, such as sessions, thumbnails or mails."
				),
				remedy=_(
					"Find where they are with `du -x --inodes --max-depth=4 {first} | sort -n | tail`, and remove those that"
					" nobody needs."
				),
				subject=str(system.paths[0]),
				subjects=[("Disk", str(system.paths[0]))],
				places=places(system),
				first=str(system.paths[0]),
				host=site.host.name,
				percent=round(100 * share),
				free=system.inodes_free,
			)
