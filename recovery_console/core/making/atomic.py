"""Writing a file so that a crash leaves the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from recovery_console.core.errors import SourceUnavailable


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
	"""Write a file whole; one that is there keeps its rights and its owner.

	Args:
		path: The file.
		content: Its bytes.
		mode: Rights of a file that is new; from root it belongs to the folder's owner.

	Raises:
		SourceUnavailable: It cannot be written; the old one is untouched.
	"""
	temporary, owner = None, None
	try:
		with contextlib.suppress(FileNotFoundError):
			there = path.stat()
			mode, owner = there.st_mode & 0o7777, (there.st_uid, there.st_gid)
		handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
		temporary = Path(name)
		with os.fdopen(handle, "wb") as file:
			file.write(content)
			os.fchmod(file.fileno(), mode)
			with contextlib.suppress(PermissionError):
				os.fchown(file.fileno(), *(owner or _owner_of_new(path.parent)))
			file.flush()
			os.fsync(file.fileno())
		temporary.replace(path)
		sync_folder(path.parent)
	except OSError as error:
		if temporary is not None:
			temporary.unlink(missing_ok=True)
		raise SourceUnavailable(
			"files",
			f"{path} cannot be written: {error.strerror or error}.",
			remedy="See the room on its disk and the rights of its folder; the old file is untouched.",
			kind="denied",
		) from error


def _owner_of_new(folder: Path) -> tuple[int, int]:
	"""Return whose a new file is: what root makes belongs to whom its folder does."""
	if os.geteuid() != 0:
		return -1, -1
	there = folder.stat()
	return there.st_uid, there.st_gid


def as_owner_of(model: Path, *paths: Path) -> None:
	"""Give to the bench's user what root made in a site: else the site could not go on with it."""
	if os.geteuid() != 0:
		return
	there = model.stat()
	for path in paths:
		os.chown(path, there.st_uid, there.st_gid)


def sync_folder(folder: Path) -> None:
	"""Make what was renamed or removed in a folder survive a loss of power."""
	descriptor = os.open(folder, os.O_RDONLY)
	try:
		os.fsync(descriptor)
	finally:
		os.close(descriptor)
