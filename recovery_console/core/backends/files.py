"""Files of the bench, within it and within limits."""

from __future__ import annotations

import fcntl
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC


@dataclass(frozen=True)
class StoredFile:
	"""A file as the file system describes it."""

	path: Path
	size_bytes: int
	modified: datetime
	mode: int
	owner: int = -1


class Files:
	"""The site's folder and the bench around it. Paths outside the bench are refused.

	Args:
		bench: Folder of the bench.
		site: Folder of the site.
	"""

	def __init__(self, bench: Path, site: Path) -> None:
		self.bench = bench
		self.site = site

	def exists(self, path: str | Path) -> bool:
		"""Tell whether a file is there. Relative paths start at the site's folder.

		Raises:
			SourceUnavailable: The folder may not be read.
		"""
		return _found(self._full(path)) is not None

	def stat(self, path: str | Path) -> StoredFile | None:
		"""Describe a file; None when there is none.

		Raises:
			SourceUnavailable: The folder may not be read.
		"""
		full = self._full(path)
		found = _found(full)
		return None if found is None else _stored(Path(full), found)

	def list(self, folder: str | Path, pattern: str = "*") -> list[StoredFile]:
		"""Describe the files of a folder that match a glob pattern, newest first.

		Raises:
			SourceUnavailable: The folder is not there or may not be read.
		"""
		full = self.resolve(folder)
		with _explained(full):
			os.scandir(full).close()
			found = [_stored(path, path.stat()) for path in full.glob(pattern) if path.is_file()]
		return sorted(found, key=lambda file: file.modified, reverse=True)

	def read_text(self, path: str | Path, most_bytes: int = 1024 * 1024) -> str:
		"""Return the last ``most_bytes`` of a text file.

		Raises:
			SourceUnavailable: The file is not there or may not be read.
		"""
		full = self._full(path)
		with _explained(full), open(full, "rb") as file:
			file.seek(max(0, os.fstat(file.fileno()).st_size - most_bytes))
			return file.read(most_bytes).decode("utf-8", "replace")

	def read_bytes(self, path: str | Path, most_bytes: int, *, from_end: bool = False) -> bytes:
		"""Return the first, or the last, ``most_bytes`` of a file.

		Raises:
			SourceUnavailable: The file is not there or may not be read.
		"""
		full = self._full(path)
		with _explained(full), open(full, "rb") as file:
			if from_end:
				file.seek(max(0, os.fstat(file.fileno()).st_size - most_bytes))
			return file.read(most_bytes)

	@contextmanager
	def reading(self, path: str | Path) -> Iterator[BinaryIO]:
		"""Open a file to be read bit by bit.

		Raises:
			SourceUnavailable: The file is not there or may not be read.
		"""
		full = self.resolve(path)
		with _explained(full):
			file = full.open("rb")
		with file:
			yield file

	def walk(self, folder: str | Path, most: int) -> Iterator[StoredFile]:
		"""Describe the files below a folder, at most so many; symbolic links are not followed.

		Raises:
			SourceUnavailable: The folder is not there or may not be read.
		"""
		full = self.resolve(folder)
		with _explained(full):
			os.scandir(full).close()
			seen = 0
			for here, names, files in os.walk(full):
				names.sort()
				for name in sorted(files):
					if seen >= most:
						return
					seen += 1
					path = Path(here) / name
					yield _stored(path, path.lstat())

	def open_to_others(self, path: str | Path, *, write: bool = False) -> bool:
		"""Tell whether every user of this machine can read (or write) a file, or list a folder.

		The rights of all folders above it count: behind a closed door nothing is open.

		Raises:
			SourceUnavailable: The rights may not be read.
		"""
		full = self.resolve(path)
		with _explained(full):
			found = full.stat()
			wanted = stat.S_IWOTH if write else stat.S_IROTH
			if stat.S_ISDIR(found.st_mode):
				wanted |= stat.S_IXOTH
			return found.st_mode & wanted == wanted and all(
				folder.stat().st_mode & stat.S_IXOTH for folder in full.resolve().parents
			)

	def is_locked(self, path: str | Path) -> bool:
		"""Tell whether a process holds a lock file. That the file is there means nothing: it stays behind.

		Shares the lock for an instant: only for locks whose takers try again.

		Raises:
			SourceUnavailable: The file may not be read.
		"""
		full = self.resolve(path)
		with _explained(full):
			try:
				descriptor = os.open(full, os.O_RDONLY)
			except FileNotFoundError:
				return False
			try:
				fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
			except BlockingIOError:
				return True
			finally:
				os.close(descriptor)
		return False

	def resolve(self, path: str | Path) -> Path:
		"""Return the full path; relative ones start at the site's folder.

		Raises:
			SourceUnavailable: The path leads out of the bench.
		"""
		return Path(self._full(path))

	def _full(self, path: str | Path) -> str:
		full = os.path.normpath(os.path.join(self.site, path))
		if full != str(self.bench) and not full.startswith(f"{self.bench}{os.sep}"):
			raise SourceUnavailable(
				"files",
				f"{path} lies outside the bench {self.bench}.",
				remedy="Name a path inside the bench.",
				kind="outside",
			)
		return full


def user_name(user: int) -> str:
	"""Return the name of a user of this machine, or the number of one it does not know."""
	try:
		return pwd.getpwuid(user).pw_name
	except KeyError:
		return str(user)


def _found(full: str) -> os.stat_result | None:
	with _explained(full):
		try:
			return os.stat(full)
		except (FileNotFoundError, NotADirectoryError):
			return None


def _stored(path: Path, found: os.stat_result) -> StoredFile:
	return StoredFile(
		path=path,
		size_bytes=found.st_size,
		modified=datetime.fromtimestamp(found.st_mtime, UTC),
		mode=stat.S_IMODE(found.st_mode),
		owner=found.st_uid,
	)


@contextmanager
def _explained(path: str | Path) -> Iterator[None]:
	try:
		yield
	except OSError as error:
		raise SourceUnavailable(
			"files",
			f"{path} cannot be read: {error.strerror or error}.",
			remedy=f"Look at the owner and rights of {path}; this ran as user {os.geteuid()}.",
			kind="missing" if isinstance(error, FileNotFoundError) else "denied",
		) from error
