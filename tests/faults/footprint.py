"""Everything that a site is made of, row by row, key by key, file by file, to see what a repair changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recovery_console.core.edits import ConfigEdit, Edit, FileMove, RowEdit
from recovery_console.core.edits.config import FILES
from recovery_console.core.making.rows import same
from tests.support.sample import SampleSite

#: The console's own records of the run, and what SQLite keeps itself.
OWN = ("private/recovery_console", "db")


@dataclass
class Footprint:
	"""The state of a site: tables by checksum, the rows of some of them, Redis keys, files."""

	tables: dict[str, str]
	redis: dict[tuple[str, bytes], Any]
	files: dict[str, tuple[str, int]]
	rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def take(site: SampleSite, tables: set[str]) -> Footprint:
	"""Take the state of a site, with the rows of these tables."""
	return Footprint(
		tables=site.checksums(),
		redis={
			**_keys("cache", site.cache),
			**_keys("queue", site.queue),
		},
		files=_files(site),
		rows={name: site.sql(f"SELECT * FROM `{name}`") for name in tables},
	)


def _keys(server: str, client: Any) -> dict[tuple[str, bytes], Any]:
	found: dict[tuple[str, bytes], Any] = {}
	try:
		names = list(client.scan_iter(count=1000))
	except OSError:
		return found
	except Exception as error:
		if "onnect" not in type(error).__name__:
			raise
		return found  # the fault stopped this server
	for name in names:
		kind = client.type(name)
		read = {
			b"string": lambda: client.get(name),  # noqa: B023 (called at once)
			b"hash": lambda: client.hgetall(name),  # noqa: B023
			b"list": lambda: client.lrange(name, 0, -1),  # noqa: B023
			b"set": lambda: client.smembers(name),  # noqa: B023
			b"zset": lambda: dict(client.zrange(name, 0, -1, withscores=True)),  # noqa: B023
		}.get(kind, lambda: client.dump(name))  # noqa: B023
		found[server, name] = read()
	return found


def _files(site: SampleSite) -> dict[str, tuple[str, int]]:
	bench = site.bench.folder
	skipped = [f"sites/{site.name}/{name}" for name in OWN]
	found: dict[str, tuple[str, int]] = {}
	for here, folders, names in os.walk(bench):
		relative = str(Path(here).relative_to(bench))
		folders[:] = [
			name
			for name in folders
			if f"{relative}/{name}".removeprefix("./") not in skipped and name not in (".git", "__pycache__")
		]
		for name in names:
			path = Path(here) / name
			if path.is_symlink() or not path.is_file():
				continue
			content = hashlib.sha256(path.read_bytes()).hexdigest()
			found[f"{relative}/{name}".removeprefix("./")] = (content, path.stat().st_mode)
	return found


def unplanned(before: Footprint, after: Footprint, edits: list[Edit], site: SampleSite) -> list[str]:
	"""Return what changed and stands in no edit; nothing when only the planned rows, keys and files did."""
	tables = {edit.table for edit in edits if isinstance(edit, RowEdit)}
	found = [
		f"table {name} changed"
		for name in sorted({*before.tables, *after.tables} - tables)
		if before.tables.get(name) != after.tables.get(name)
	]
	for name in tables:
		mine = [edit for edit in edits if isinstance(edit, RowEdit) and edit.table == name]
		found += [f"row of {name} changed: {row}" for row in _changed_rows(before, after, name, mine)]
	keys = {(edit.target.value, edit.key) for edit in edits if hasattr(edit, "server")}
	found += [
		f"key {name} changed"
		for name in {*before.redis, *after.redis} - keys
		if before.redis.get(name) != after.redis.get(name)
	]
	paths = _paths(edits, site)
	found += [
		f"file {name} changed"
		for name in {*before.files, *after.files} - paths
		if before.files.get(name) != after.files.get(name)
	]
	return found


def _paths(edits: list[Edit], site: SampleSite) -> set[str]:
	found: set[str] = set()
	for edit in edits:
		if isinstance(edit, ConfigEdit):
			folder = f"sites/{site.name}" if edit.file == "site" else "sites"
			found.add(f"{folder}/{FILES[edit.file]}")
		elif hasattr(edit, "path"):
			found.add(edit.path)
			if isinstance(edit, FileMove):
				found.add(edit.to)
	return found


def _changed_rows(
	before: Footprint, after: Footprint, table: str, edits: list[RowEdit]
) -> list[Mapping[str, Any]]:
	"""Return rows that differ other than in the columns that an edit of theirs names."""
	was, now = ([_plain(row) for row in footprint.rows[table]] for footprint in (before, after))
	return [
		row
		for one, other in ((was, now), (now, was))
		for row in one
		if row not in other and not any(_explains(edit, row) for edit in edits)
	]


def _explains(edit: RowEdit, row: Mapping[str, Any]) -> bool:
	"""Tell whether a row is the edit's, and holds what the edit says, before or after."""
	if not all(same(row[name], value) for name, value in edit.key.items()):
		return False
	return any(
		values is not None and all(same(row[name], value) for name, value in values.items())
		for values in (edit.before, edit.after)
	)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
	return dict(row)


def expect_same(before: Footprint, after: Footprint) -> None:
	"""Make sure that everything is as it was, to the byte."""
	changed = [
		*(f"table {name}" for name in before.tables if before.tables[name] != after.tables.get(name)),
		*(
			f"key {name}: {before.redis.get(name)!r} became {after.redis.get(name)!r}"
			for name in {*before.redis, *after.redis}
			if before.redis.get(name) != after.redis.get(name)
		),
		*(
			f"file {name}"
			for name in {*before.files, *after.files}
			if before.files.get(name) != after.files.get(name)
		),
	]
	if changed:
		raise AssertionError(f"not as it was: {changed}")
