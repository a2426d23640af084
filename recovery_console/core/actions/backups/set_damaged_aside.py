"""Move damaged backup files out of the way."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.storage._paths import is_inside, relative, set_aside
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.edits import FileMove
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SetDamagedAside(Action):
	"""Move backup files that are empty, cut off or of the wrong kind out of the folder of backups, and keep them.

	So that nobody tries to restore one, and the clean-up counts only what is of use.
	"""

	title = _("Set damaged backup files aside")
	risk = Risk.REVERSIBLE
	checks = ("backups.sound",)

	#: A younger file may still be being written.
	older_than: timedelta = timedelta(minutes=10)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		folder = _sets.folder(site)
		if not is_inside(site, folder):
			raise NotApplicable(
				_("The backups lie outside the bench, in {0}: move them there.").format(folder)
			)
		to = set_aside(site) / "backups"
		source = _sets.files(site)
		batches = []
		for found in _sets.all_sets(site):
			for kind, part in found.parts.items():
				if site.now() - part.modified < self.older_than:
					continue
				problem = what_is_wrong(source, kind, part, found.encrypted)
				if problem:
					name = part.path.name
					edit = FileMove(relative(site, folder / name), relative(site, to / name))
					batches.append(batch("File", name, edit, why=problem))
		return self.planned(
			site, _("Damaged backup files to set aside: {count}"), batches, most=self.most, folder=str(to)
		)
