"""The file systems on which a bench and its database lie."""

from __future__ import annotations

import contextlib
from pathlib import Path

from recovery_console.core.backends.host import FileSystem
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Site

_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})
GIB = 1024**3


def file_systems(site: Site) -> list[FileSystem]:
	"""Return the file systems of bench, site, files and, where it runs on this machine, MariaDB.

	Raises:
		SourceUnavailable: The bench's own folders cannot be reached.
	"""

	def read() -> list[FileSystem]:
		wanted = [site.bench, site.path, site.path / "private" / "files", site.path / "private" / "backups"]
		wanted += [site.path / "public" / "files", site.bench / "logs"]
		with contextlib.suppress(SourceUnavailable):  # a full disk may be why the database does not answer
			wanted += _database_folder(site)
		return site.host.file_systems([path for path in wanted if path.is_dir()])

	return site.remember("host.file_systems", read)


def _database_folder(site: Site) -> list[Path]:
	if str(site.config.get("db_host") or "") not in _LOCAL or site.db.dialect != "mariadb":
		return []
	folder = Path(str(site.db.sql("SELECT @@datadir AS folder")[0]["folder"]))
	try:
		return [folder] if folder.is_dir() else []
	except OSError:
		return []


def places(system: FileSystem) -> str:
	"""Name the folders on a file system, the outermost first."""
	outer = [
		path
		for path in system.paths
		if not any(path != other and path.is_relative_to(other) for other in system.paths)
	]
	return ", ".join(str(path) for path in outer)
