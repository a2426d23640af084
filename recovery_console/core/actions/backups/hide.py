"""Move backups out of the folder that the website shows."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions.storage._paths import relative
from recovery_console.core.checks.backups import _sets
from recovery_console.core.edits import ABSENT, ConfigEdit, Edit, FileMove
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_KEY = "backup_path"


@dataclass(frozen=True)
class Hide(Action):
	"""Move backups that lie among the public files to private/backups, and take backup_path out of the configuration."""

	title = _("Move backups out of the website's reach")
	risk = Risk.REVERSIBLE
	checks = ("backups.exposed",)

	def plan(self, site: Site) -> Plan:
		folder = _sets.folder(site).resolve()
		public = (site.path / "public").resolve()
		home = site.path / "private" / "backups"
		edits: list[Edit] = []
		taken: list[str] = []
		if folder.is_relative_to(public):
			real = site.path / "public" / folder.relative_to(public)
			for part in (part for found in _sets.all_sets(site) for part in found.parts.values()):
				if site.files.exists(home / part.path.name):
					taken.append(part.path.name)
				else:
					edits.append(
						FileMove(relative(site, real / part.path.name), relative(site, home / part.path.name))
					)
			in_site = _KEY in site.config.site.values
			file = site.config.site if in_site else site.config.common
			edits.append(
				ConfigEdit("site" if in_site else "common", _KEY, file.values.get(_KEY, ABSENT), ABSENT)
			)
		return self.planned(
			site,
			_("Move backups out of the public folder: {count}"),
			[batch("Setting", _KEY, *edits)] if edits else [],
			warnings=self._warnings(edits),
			left_out=left_alone("File", taken, _("There is a file of this name in private/backups.")),
			files=max(len(edits) - 1, 0),
		)

	@staticmethod
	def _warnings(edits: list[Edit]) -> list[str]:
		if not edits:
			return []
		said = [
			_("Whoever guessed a name may have them already: change all passwords and keys that they hold.")
		]
		if any(isinstance(edit, ConfigEdit) and edit.file == "common" for edit in edits):
			said.append(
				_(
					"backup_path stands in common_site_config.json: new backups of all sites go to their own"
					" private/backups; what the other sites have in the public folder stays there."
				)
			)
		return said
