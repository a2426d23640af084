"""Close the folder of backups to other users of the machine."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.storage._paths import is_inside, relative, short
from recovery_console.core.checks.backups import _sets
from recovery_console.core.edits import FileMode
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_OTHERS = 0o077


@dataclass(frozen=True)
class CloseFolder(Action):
	"""Take the rights to the folder of backups from everybody but the bench's user."""

	title = _("Close the folder of backups")
	risk = Risk.REVERSIBLE
	checks = ("backups.exposed",)

	def plan(self, site: Site) -> Plan:
		folder = _sets.folder(site)
		if not is_inside(site, folder):
			raise NotApplicable(
				_("The backups lie outside the bench: `chmod 700 {0}` closes them.").format(folder)
			)
		found = site.files.stat(folder)
		wanted = found.mode & ~_OTHERS if found is not None else 0
		return self.planned(
			site,
			_("Close {folder} to all but its owner"),
			[batch("Folder", short(site, folder), FileMode(relative(site, folder), found.mode, wanted))]
			if found is not None and found.mode != wanted
			else [],
			warnings=[
				_(
					"Where nginx runs as another user, backups can no longer be downloaded in Desk; take them by scp."
				)
			],
			folder=str(folder),
		)
