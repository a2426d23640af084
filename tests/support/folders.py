"""Remembers the files of a folder and puts them back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SavedFile:
	"""One file as it was."""

	content: bytes
	mode: int
	mtime_ns: int
	owner: int


class FolderSnapshot:
	"""The state of a folder, without the sub-folders named in `skip`."""

	def __init__(self, folder: Path, skip: tuple[str, ...] = ()) -> None:
		self.folder = folder
		self.skip = {folder / name for name in skip}
		self.folders: dict[Path, int] = {}
		self.files: dict[Path, SavedFile] = {}
		for path in self._walk():
			if path.is_dir() and not path.is_symlink():
				self.folders[path] = path.stat().st_mode & 0o7777
			elif path.is_file():
				self.files[path] = _save(path)

	def restore(self) -> None:
		"""Remove what is new, rewrite what changed, put back what is gone."""
		for path in sorted(self._walk(), reverse=True):
			if path in self.files or path in self.folders:
				continue
			if path.is_dir() and not path.is_symlink():
				shutil.rmtree(path)
			elif path.is_symlink() or path.exists():
				path.unlink()
		for path, mode in sorted(self.folders.items()):
			if path.is_symlink() or path.is_file():
				path.unlink()
			path.mkdir(parents=True, exist_ok=True)
			path.chmod(mode)
		for path, saved in self.files.items():
			_put_back(path, saved)

	def _walk(self) -> Iterator[Path]:
		for folder, names, files in os.walk(self.folder):
			here = Path(folder)
			names[:] = [name for name in names if here / name not in self.skip]
			yield from (here / name for name in (*names, *files))


def _save(path: Path) -> SavedFile:
	state = path.stat()
	return SavedFile(path.read_bytes(), state.st_mode & 0o7777, state.st_mtime_ns, state.st_uid)


def _put_back(path: Path, saved: SavedFile) -> None:
	if path.is_symlink():
		path.unlink()
	elif path.is_dir():
		shutil.rmtree(path)
	elif path.exists() and _save(path) == saved:
		return
	path.write_bytes(saved.content)
	path.chmod(saved.mode)
	if path.stat().st_uid != saved.owner:
		os.chown(path, saved.owner, -1)
	os.utime(path, ns=(saved.mtime_ns, saved.mtime_ns))
