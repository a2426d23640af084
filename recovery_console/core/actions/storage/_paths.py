"""Paths of the bench as edits name them."""

from __future__ import annotations

from pathlib import Path

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.edits import FileRemoval
from recovery_console.core.site import Site

_STAMP = "%Y%m%d_%H%M%S"


def relative(site: Site, path: Path) -> str:
	"""Return a path as an edit names it: from the bench's folder on."""
	return path.relative_to(site.bench).as_posix()


def is_inside(site: Site, path: Path) -> bool:
	"""Tell whether a path lies within the bench: what lies elsewhere is not changed."""
	return path.is_relative_to(site.bench) and path.resolve().is_relative_to(site.bench.resolve())


def stamp(site: Site) -> str:
	"""Return the present moment as it may stand in a name."""
	return site.now().strftime(_STAMP)


def set_aside(site: Site) -> Path:
	"""Return a folder of its own for what is moved out of the way now."""
	return site.path / "private" / "recovery_console" / "set_aside" / stamp(site)


def removal(site: Site, file: StoredFile) -> FileRemoval:
	"""Return the edit that deletes a file for good."""
	return FileRemoval(relative(site, file.path), file.size_bytes, file.path.stat().st_mtime_ns)


def short(site: Site, path: Path) -> str:
	"""Name a path from the site's folder on, or from the bench's."""
	return str(path).removeprefix(f"{site.path}/").removeprefix(f"{site.bench}/")
