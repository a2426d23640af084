"""Making file edits, within the bench and never through a link that leads out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from recovery_console.core.edits import ABSENT, Edit, FileMode, FileMove, FileRemoval, FileText
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.making.atomic import replace_file, sync_folder
from recovery_console.core.making.state import Moved, State, compare
from recovery_console.core.writable import WritableSite


def state(site: WritableSite, edit: Edit) -> State:
	"""Compare a file with what an edit expects."""
	if isinstance(edit, FileText):
		path = inside(site, edit.path, follow=True)
		found = path.read_bytes() if path.is_file() else ABSENT
		return compare(found, edit.before, edit.after)
	if isinstance(edit, FileMove):
		there, arrived = (os.path.lexists(inside(site, path)) for path in (edit.path, edit.to))
		return {(True, False): State.BEFORE, (False, True): State.AFTER}.get((there, arrived), State.MOVED)
	path = inside(site, _of(edit).path, follow=isinstance(edit, FileMode))
	if isinstance(edit, FileMode):
		return compare(stat.S_IMODE(path.stat().st_mode) if path.exists() else -1, edit.before, edit.after)
	if not isinstance(edit, FileRemoval):
		raise TypeError(f"{edit.kind} is no change of a file.")
	if not path.exists():
		return State.AFTER
	found_file = path.stat()
	same = (found_file.st_size, found_file.st_mtime_ns) == (edit.size, edit.modified_ns)
	return State.BEFORE if same else State.MOVED


def make(site: WritableSite, edits: Sequence[Edit]) -> None:
	"""Make file edits, one after the other.

	Raises:
		Moved: A file is not what it was when this was planned.
		SourceUnavailable: A file cannot be changed, or lies outside the bench.
	"""
	for edit in edits:
		found = state(site, edit)
		if found is State.MOVED:
			raise Moved(edit)
		if found is State.BEFORE:
			_make(site, edit)


def _make(site: WritableSite, edit: Edit) -> None:
	path = inside(site, _of(edit).path, follow=isinstance(edit, (FileMode, FileText)))
	try:
		if isinstance(edit, FileText) and not isinstance(edit.after, bytes):
			path.unlink()
		elif isinstance(edit, FileText) and isinstance(edit.after, bytes):
			path.parent.mkdir(parents=True, exist_ok=True)
			replace_file(path, edit.after, edit.mode)
		elif isinstance(edit, FileMove):
			to = inside(site, edit.to)
			to.parent.mkdir(parents=True, exist_ok=True)
			path.rename(to)
			sync_folder(to.parent)
		elif isinstance(edit, FileMode):
			path.chmod(edit.after)
		else:
			path.unlink()
		sync_folder(path.parent)
	except OSError as error:
		raise SourceUnavailable(
			"files",
			f"{path} cannot be changed: {error.strerror or error}.",
			remedy="See the rights of its folder and the room on its disk.",
			kind="denied",
		) from error


def _of(edit: Edit) -> FileText | FileMove | FileMode | FileRemoval:
	if isinstance(edit, (FileText, FileMove, FileMode, FileRemoval)):
		return edit
	raise TypeError(f"{edit.kind} is no change of a file.")


def inside(site: WritableSite, path: str, *, follow: bool = False) -> Path:
	"""Return the full path of a file of the bench.

	Args:
		site: The site.
		path: Relative to the bench.
		follow: Where it is a link itself, what it leads to is meant.

	Raises:
		SourceUnavailable: It lies outside, or a link leads there.
	"""
	bench = site.bench.resolve()
	full = Path(os.path.normpath(site.bench / path))
	try:
		real = full.resolve() if follow else full.parent.resolve() / full.name
	except (OSError, RuntimeError):  # links that lead to each other
		real = Path("/")
	if Path(path).is_absolute() or bench not in real.parents:
		raise SourceUnavailable(
			"files",
			f"{path} lies outside the bench {site.bench}, or a link leads out of it.",
			remedy="Change it by hand if that is meant.",
			kind="outside",
		)
	return real
