"""Delete left-over parts of old backups."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import is_inside, removal
from recovery_console.core.checks.backups import _sets
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class Prune(Action):
	"""Delete the files of old backups whose database is gone, for good: they do not do for a restore.

	Never the newest backup, and never one that still has its database.
	"""

	title = _("Delete left-over parts of backups")
	risk = Risk.DESTRUCTIVE
	checks = ("backups.orphans",)

	#: The backups, by the time in their names; without, all that are left over.
	backups: tuple[str, ...] = ()
	#: Younger ones are left alone.
	older_than: timedelta = timedelta(hours=36)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		folder = _sets.folder(site)
		if not is_inside(site, folder):
			raise NotApplicable(
				_("The backups lie outside the bench, in {0}: delete them there.").format(folder)
			)
		left = {
			found.stamp: found
			for found in _sets.all_sets(site)[1:]
			if _sets.DATABASE not in found.parts and site.now() - found.taken > self.older_than
		}
		chosen = only_named(self.id, self.backups, left, _("backup without its database"))
		return self.planned(
			site,
			_("Backups of which the rest is deleted: {count}, together {mib} MiB"),
			[
				batch(
					"Backup",
					found.stamp,
					*(
						removal(site, site.files.stat(folder / part.path.name) or part)
						for part in found.parts.values()
					),
				)
				for found in chosen
			],
			most=self.most,
			warnings=[_("Single files that were deleted since can be got from them, from nowhere else.")]
			if chosen
			else [],
			mib=round(sum(found.size_bytes for found in chosen) / _MIB, 1),
		)
