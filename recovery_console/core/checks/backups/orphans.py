"""Do parts of backups lie about that are of no use?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class Orphans(Check):
	"""Are there files of backups whose database is gone?

	Cost: the names and sizes in one folder.
	"""

	title = _("Left-over parts of backups")

	#: Frappe 15 deletes dumps beyond its limit every hour, and what is left after a day; so long is normal.
	normal: timedelta = timedelta(hours=36)

	def run(self, site: Site) -> Answer:
		left = [
			found
			for found in _sets.all_sets(site)[1:]
			if _sets.DATABASE not in found.parts and site.now() - found.taken > self.normal
		]
		if not left:
			return
		size = sum(found.size_bytes for found in left)
		yield self.measure(left_over_mib=round(size / _MIB, 1))
		yield self.info(
			_("Backups without their database: {count}; they fill {size_mib} MiB."),
			cause=_(
				"The hourly clean-up of Frappe 15 deletes database dumps beyond the limit in System Settings, but not"
				" the files that belong to them."
			),
			remedy=_(
				"They do for getting single files back, not for a restore. When newer complete backups are elsewhere,"
				" delete them from {folder}."
			),
			subjects=[("Backup", found.stamp) for found in left],
			size_mib=round(size / _MIB, 1),
			folder=str(_sets.folder(site)),
		)
