"""Scratch databases: a backup unpacked where nothing else lies, and taken away again."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from recovery_console.core.actions.backups._programs import Account, command, run_in
from recovery_console.core.actions.database._statements import quoted
from recovery_console.core.backends import mariadb, postgres, sqlite
from recovery_console.core.backends.database import Database
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import Deadline
from recovery_console.core.errors import ConsoleError, SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_PIECE = 4 * 1024 * 1024
#: How a line begins that leaves the scratch database for another one, or does something on the machine.
_LEAVES = {
	"mariadb": re.compile(
		rb"^(?:/\*M?!\d* *)?(?:USE[ `]|(?:CREATE|DROP|ALTER) (?:DATABASE|SCHEMA)\b|\\[u!.]|(?:system|source) )",
		re.IGNORECASE | re.MULTILINE,
	),
	"postgres": re.compile(
		rb"^(?:(?:CREATE|DROP|ALTER) DATABASE\b|\\(?:c|connect|!|i|ir|include|include_relative)(?:\s|$))",
		re.IGNORECASE | re.MULTILINE,
	),
}
#: No such beginning is longer.
_BEGINNING = 80
_RIGHTS = 0o600
#: How long one statement in a scratch database may take.
_LONG = timedelta(minutes=30)
_TABLES = {
	"mariadb": "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
	"postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = ANY (current_schemas(false))",
	"sqlite": "SELECT name AS name FROM sqlite_master WHERE type = 'table'",
}


def scratch_name(site: Site) -> str:
	"""Return the name of this site's scratch database: always the same, so that what was left behind is found."""
	return "rc_drill_" + hashlib.sha256(f"{site.bench}|{site.name}".encode()).hexdigest()[:12]


def table_names(database: Database) -> list[str]:
	"""Return the tables of a database."""
	return sorted(str(row["name"]) for row in database.sql(_TABLES[database.dialect]))


def unpacked(site: Site, backup: _sets.BackupSet, deadline: Deadline) -> Iterator[bytes]:
	"""Yield a dump piece by piece.

	Raises:
		ConsoleError: It is damaged.
	"""
	part = backup.parts[_sets.DATABASE]
	try:
		with _sets.files(site).reading(part.path) as raw, gzip.GzipFile(fileobj=raw) as file:
			while piece := file.read(_PIECE):
				deadline.check()
				yield piece
	except (EOFError, gzip.BadGzipFile, zlib.error) as error:
		raise ConsoleError(
			_("{0} is damaged: {1}.").format(part.path.name, error), remedy=_("Choose an older backup.")
		) from error


def staying(kind: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
	"""Hand a dump on piece by piece as long as it stays within the database that it is restored into.

	Frappe's own dumps do. One of several databases, as ``mariadb-dump --databases`` writes, names the live one and
	would be restored over it.

	Raises:
		ConsoleError: It does not.
	"""
	line = b""
	for piece in pieces:
		text = line + piece
		if found := _LEAVES[kind].search(text):
			said = text[found.start() :].splitlines()[0][:_BEGINNING].decode("utf-8", "replace")
			raise ConsoleError(
				_("The dump leaves the scratch database: {0}").format(said),
				remedy=_(
					"Try it on another machine, where no site lives; Frappe's own dumps hold nothing such."
				),
			)
		line = text[text.rfind(b"\n") + 1 :][:_BEGINNING]
		yield piece


@contextmanager
def unpacked_sqlite(
	site: Site, backup: _sets.BackupSet, folder: Path, deadline: Deadline
) -> Iterator[Database]:
	"""Unpack a backup of SQLite into a file of its own, and open that to read; it is deleted afterwards."""
	folder.mkdir(parents=True, exist_ok=True)
	path = folder / f"{scratch_name(site)}.db"
	try:
		path.unlink(missing_ok=True)
		with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _RIGHTS), "wb") as file:
			for piece in unpacked(site, backup, deadline):
				file.write(piece)
		# A copy of a database in wal mode would make two more files when it is only read.
		with contextlib.closing(sqlite3.connect(path)) as connection:
			connection.execute("PRAGMA journal_mode = DELETE")
		database = sqlite.connect(path, path.name)
		database.limit = _LONG
		try:
			yield database
		finally:
			database.close()
	except sqlite3.Error as error:
		raise ConsoleError(
			_("What the backup holds is no sound database: {0}.").format(error),
			remedy=_("Choose an older backup."),
		) from error
	finally:
		for ending in ("", "-journal", "-wal", "-shm"):
			path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def restored(site: Site, backup: _sets.BackupSet, of: Account, seconds: float) -> Iterator[Database]:
	"""Restore a dump into a scratch database of the same server; it is dropped afterwards.

	Raises:
		ConsoleError: The account may not create databases, or the dump cannot be restored.
	"""
	name = scratch_name(site)
	server = _open(of, "postgres" if of.user != str(site.config.get("db_name")) else of.user)
	try:
		scratch = quoted(of.kind, name)
		_create(server, scratch, of)
		try:
			options = (
				("--quiet", "--set=ON_ERROR_STOP=1", "--dbname", name) if of.kind == "postgres" else (name,)
			)
			with command(of, ("mariadb", "mysql"), "psql", *options) as (call, environment):
				run_in(
					call, environment, staying(of.kind, unpacked(site, backup, Deadline(seconds))), seconds
				)
			database = _open(of, name, scratch=True)
			try:
				yield database
			finally:
				database.close()
		finally:
			server.sql(f"DROP DATABASE IF EXISTS {scratch}")
	finally:
		server.close()


def _create(server: Database, scratch: str, of: Account) -> None:
	try:
		server.sql(f"DROP DATABASE IF EXISTS {scratch}")
		character_set = " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci" if of.kind == "mariadb" else ""
		server.sql(f"CREATE DATABASE {scratch}{character_set}")
	except SourceUnavailable as error:
		raise ConsoleError(
			_("{0} may not create the scratch database: {1}").format(of.user, error.message),
			remedy=_(
				"Give root_user and root_password of the database server, or test the backup on a spare site."
			),
		) from error


def _open(of: Account, name: str, *, scratch: bool = False) -> Database:
	settings = {"host": of.host or of.socket, "port": of.port, "user": of.user, "password": of.password}
	if of.kind == "postgres":
		return postgres.connect({**settings, "dbname": name}, name, writable=True, limit=_LONG)
	if of.socket and not of.host:
		settings = {"unix_socket": of.socket, "user": of.user, "password": of.password}
	if scratch:
		settings["database"] = name
	return mariadb.connect(settings, name, writable=True, limit=_LONG)
