"""Writing the parts of a backup, named and made up as Frappe's own."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from recovery_console.core.actions.backups._programs import account, command, run_out
from recovery_console.core.checks.backups import _sets
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.making.atomic import sync_folder
from recovery_console.core.site import Site

_MARIADB = ("mariadb-dump", "mysqldump")
_OPTIONS = ("--single-transaction", "--quick", "--lock-tables=false")
#: Nobody but the bench's user may read a backup.
_RIGHTS = 0o600
_PIECE = 4 * 1024 * 1024


def write_set(site: Site, folder: Path, stamp: str, *, with_files: bool, seconds: float) -> list[Path]:
	"""Write a backup and return its files. The configuration comes last: with it, the set is whole.

	Raises:
		ConsoleError: A part could not be written; what was written of the set is taken away again.
	"""
	prefix = f"{stamp}-{site.name.replace('.', '_')}"
	written: list[Path] = []
	try:
		folder.mkdir(parents=True, exist_ok=True)
		_tidy(site, folder)
		with _whole(folder / f"{prefix}-{_sets.DATABASE}.sql.gz", written) as file:
			_database(site, file, seconds)
		if with_files:
			for kind, side in ((_sets.PUBLIC, "public"), (_sets.PRIVATE, "private")):
				with _whole(folder / f"{prefix}-{kind}.tar", written) as file:
					_archive(site, side, file)
		with _whole(folder / f"{prefix}-{_sets.CONFIG}.json", written) as file:
			file.write(site.config.site.path.read_bytes())
	except BaseException as error:
		for path in written:
			path.unlink(missing_ok=True)
		if isinstance(error, OSError):
			raise ConsoleError(
				_("The backup could not be written: {0}.").format(error.strerror or error),
				remedy=_("See the room on the disk and the rights of {0}.").format(folder),
			) from error
		raise
	return written


def _tidy(site: Site, folder: Path) -> None:
	"""Take away what an earlier try left that was killed. No other is at work: a run holds the lock of backups."""
	for path in folder.glob(f".*-{site.name.replace('.', '_')}-*.part"):
		path.unlink(missing_ok=True)


@contextmanager
def _whole(path: Path, written: list[Path]) -> Iterator[BinaryIO]:
	"""Open a file that gets its name when it is written to the end."""
	part = path.with_name(f".{path.name}.part")
	try:
		with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _RIGHTS), "wb") as file:
			yield file
			file.flush()
			os.fsync(file.fileno())
		part.rename(path)
		written.append(path)
		sync_folder(path.parent)
	finally:
		part.unlink(missing_ok=True)


def _database(site: Site, file: BinaryIO, seconds: float) -> None:
	with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, filename="") as packed:
		if site.config.get("db_type") == "sqlite":
			_sqlite(site, packed)
			return
		packed.write(_header(site))
		of = account(site)
		name = str(site.config.get("db_name"))
		options = (name,) if of.kind == "postgres" else (*_OPTIONS, name)
		with command(of, _MARIADB, "pg_dump", *options) as (call, environment):
			run_out(call, environment, packed.write, seconds)


def _header(site: Site) -> bytes:
	lines = ["begin frappe metadata", "[frappe]", f"version = {site.frappe_version}", "branch = N/A"]
	return "".join(f"-- {line}\n" for line in [*lines, "end frappe metadata", ""]).encode()


def _sqlite(site: Site, packed: gzip.GzipFile) -> None:
	"""Copy a database that is in use, with what its log still holds, and pack the copy."""
	path = site.path / "db" / f"{site.config.get('db_name')}.db"
	copy = path.with_name(f".{path.name}.backup")
	try:
		with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as source:
			copy.unlink(missing_ok=True)
			os.close(os.open(copy, os.O_WRONLY | os.O_CREAT, _RIGHTS))
			with contextlib.closing(sqlite3.connect(copy)) as target:
				source.backup(target, pages=4096)
		with copy.open("rb") as file:
			shutil.copyfileobj(file, packed, _PIECE)
	except sqlite3.Error as error:
		raise ConsoleError(
			_("SQLite could not copy its database: {0}.").format(error),
			remedy=_("Look for damage with `recovery-console … diagnose --check database.damaged_tables`."),
		) from error
	finally:
		for ending in ("", "-journal", "-wal", "-shm"):
			copy.with_name(copy.name + ending).unlink(missing_ok=True)


def _archive(site: Site, side: str, file: BinaryIO) -> None:
	"""Pack a folder of uploads as `tar` does from the bench's folder sites. A file that vanishes meanwhile is let go."""
	root = site.path / side / "files"
	inner = f"./{site.name}/{side}/files"
	with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
		if not root.is_dir():
			return
		archive.add(root, inner, recursive=False)
		for here, folders, names in os.walk(root):
			folders.sort()
			for name in [*folders, *sorted(names)]:
				path = Path(here) / name
				with contextlib.suppress(FileNotFoundError):
					archive.add(path, f"{inner}/{path.relative_to(root).as_posix()}", recursive=False)
