"""Let the bench's user read and write its own files again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions.storage._paths import is_inside, relative, short
from recovery_console.core.backends.files import StoredFile
from recovery_console.core.checks.storage.folders import wanted_folders
from recovery_console.core.checks.storage.owners import Owners
from recovery_console.core.edits import FileMode
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_FILE, _FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class OpenRights(Action):
	"""Give the bench's user the right back to read and write the site's own files, folders and database file.

	Only for the owner, never for others. Files of another owner are for root: `sudo chown`.
	"""

	title = _("Open the site's files to their owner")
	risk = Risk.REVERSIBLE
	checks = ("storage.owners", "storage.folders", "database.read_only")

	most: int = 2_000

	def plan(self, site: Site) -> Plan:
		sites = site.files.stat(site.bench / "sites")
		owner = sites.owner if sites is not None else -1
		found = {file.path: file for file in self._looked_at(site)}
		foreign = [short(site, path) for path, file in found.items() if file.owner != owner]
		batches = []
		for path, file in sorted(found.items()):
			wanted = file.mode | (_FOLDER if path.is_dir() else _FILE)
			if file.owner == owner and wanted != file.mode and is_inside(site, path):
				kind = "Folder" if path.is_dir() else "File"
				batches.append(
					batch(kind, short(site, path), FileMode(relative(site, path), file.mode, wanted))
				)
		return self.planned(
			site,
			_("Files and folders to open to their owner: {count}"),
			batches,
			most=self.most,
			left_out=left_alone(
				"File", foreign, _("It belongs to another user: `sudo chown` gives it back.")
			),
		)

	@staticmethod
	def _looked_at(site: Site) -> Iterator[StoredFile]:
		yield from Owners().looked_at(site)
		wanted = [Path(name) for name in wanted_folders(site)]
		name = str(site.config.get("db_name") or "")
		if site.config.get("db_type") == "sqlite" and name:
			folder = site.path / "db"
			wanted += [folder, *(folder / f"{name}.db{ending}" for ending in ("", "-wal", "-shm"))]
		for path in wanted:
			file = site.files.stat(path)
			if file is not None:
				yield file
