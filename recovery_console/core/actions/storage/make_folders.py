"""Make folders anew that are missing."""

from __future__ import annotations

from pathlib import Path

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.storage._paths import relative, short
from recovery_console.core.checks.storage.folders import wanted_folders
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite


@dataclass(frozen=True)
class MakeFolders(Action):
	"""Make the folders anew that a site and its bench write to and that are missing."""

	title = _("Make missing folders")
	risk = Risk.DISRUPTIVE
	checks = ("storage.folders",)

	def plan(self, site: Site) -> Plan:
		wanted = wanted_folders(site)
		missing = [Path(path) for path in wanted if site.files.stat(path) is None]
		return self.planned(
			site,
			_("Folders to make: {count}"),
			[
				batch(
					"Folder",
					short(site, path),
					Act(_("folder"), "Folder", relative(site, path), {}),
					why=_("for: {0}").format(wanted[str(path)]),
				)
				for path in missing
			],
			warnings=[_("They are empty: bring the files of uploads back from a backup.")]
			if any(path.name == "files" for path in missing)
			else [],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		path = site.bench / act.name
		if str(path) not in wanted_folders(site):
			raise UsageError(_("{0} is no folder of this site.").format(act.name), remedy=_("Plan anew."))
		try:
			path.mkdir(mode=0o755, parents=True, exist_ok=True)
		except OSError as error:
			raise ConsoleError(
				_("{0} cannot be made: {1}.").format(path, error.strerror or error),
				remedy=_("See the rights of the folder above it and the room on its disk."),
			) from error
		return _("Made.")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return (site.bench / act.name).is_dir()
