"""Reading single rows out of a dump of MariaDB or PostgreSQL, without restoring it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]
#: Given a table and a row of texts, tells whether the row is wanted.
Wanted = Callable[[str, Raw], bool]

_CREATE = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?`([^`]+)` \(")
_COLUMN = re.compile(rb"\s+`([^`]+)` ")
_INSERT = re.compile(rb"INSERT INTO `([^`]+)`(?: \(([^)]*)\))? VALUES\s*")
_VALUE = re.compile(
	rb"(NULL)|((?:_binary )?'(?:[^'\\]|\\.|'')*')|(0x[0-9A-Fa-f]*)|(-?[0-9][0-9.eE+-]*)", re.DOTALL
)
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANS = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}
_COPY = re.compile(rb'COPY (?:"?\w+"?\.)?"?([^"(]+?)"? \((.*)\) FROM stdin;')
_COPIED = re.compile(rb"\\(.)", re.DOTALL)


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
	"""Yield the lines of a dump without their ends."""
	rest: list[bytes] = []
	for piece in pieces:
		first, *others = piece.split(b"\n")
		rest.append(first)
		for other in others:
			yield b"".join(rest)
			rest = [other]
	yield b"".join(rest)


@dataclass
class MariaDBRows:
	"""Finds rows in the lines of a dump by mariadb-dump.

	Args:
		tables: Tables whose rows may be wanted.
		hints: Texts of which a wanted row holds at least one: lines without are not taken apart.
		wanted: Tells whether a row is wanted.
	"""

	tables: frozenset[str]
	hints: Iterable[str]
	wanted: Wanted
	_columns: dict[str, list[str]] = field(default_factory=dict)
	_creating: str = ""
	_inserting: str = ""

	def read(self, all_lines: Iterable[bytes]) -> Iterator[tuple[str, Raw]]:
		"""Yield the table and the columns of each wanted row; a column is None or text."""
		hint = re.compile(b"|".join(re.escape(_as_dumped(text)) for text in self.hints))
		for line in all_lines:
			if self._creating:
				self._column(line)
				continue
			values = self._values(line)
			if values is None:
				continue
			if self._inserting in self.tables and hint.search(values):
				yield from self._rows(self._inserting, values)
			if values.endswith(b";"):
				self._inserting = ""

	def _values(self, line: bytes) -> bytes | None:
		"""Return the part of a line that holds values of rows; None where there is none."""
		if self._inserting:
			return line
		if created := _CREATE.match(line):
			self._creating = created[1].decode()
			self._columns[self._creating] = []
			return None
		inserted = _INSERT.match(line)
		if inserted is None:
			return None
		self._inserting = inserted[1].decode()
		if inserted[2]:
			self._columns[self._inserting] = [part.strip(b" `").decode() for part in inserted[2].split(b",")]
		return line[inserted.end() :]

	def _column(self, line: bytes) -> None:
		match = _COLUMN.match(line)
		if match:
			self._columns[self._creating].append(match[1].decode())
		if line.startswith(b")"):
			self._creating = ""

	def _rows(self, table: str, line: bytes) -> Iterator[tuple[str, Raw]]:
		columns = self._columns.get(table, [])
		place = 0
		while (start := line.find(b"(", place)) >= 0:
			values: list[Any] = []
			place = start + 1
			while match := _VALUE.match(line, place):
				values.append(_plain(match))
				place = match.end()
				if line[place : place + 1] != b",":
					break
				place += 1
			row = dict(zip(columns, values, strict=False))
			if len(values) == len(columns) and self.wanted(table, row):
				yield table, row


def _as_dumped(text: str) -> bytes:
	return text.encode().replace(b"\\", b"\\\\").replace(b"'", b"\\'").replace(b'"', b'\\"')


def _plain(match: re.Match[bytes]) -> str | bytes | None:
	null, quoted, hexadecimal, number = match.groups()
	if null:
		return None
	if number:
		return bytes(number).decode()
	if hexadecimal:
		return bytes.fromhex(bytes(hexadecimal[2:]).decode())
	binary = quoted.startswith(b"_binary")
	inner = quoted.removeprefix(b"_binary ")[1:-1]
	text = _ESCAPED.sub(lambda found: _MEANS.get(found[1], found[1]) if found[1] else b"'", inner)
	return bytes(text) if binary else bytes(text).decode("utf-8", "surrogateescape")


@dataclass
class PostgresRows:
	"""Finds rows in the lines of a dump by pg_dump; see ``MariaDBRows``."""

	tables: frozenset[str]
	hints: Iterable[str]
	wanted: Wanted

	def read(self, all_lines: Iterable[bytes]) -> Iterator[tuple[str, Raw]]:
		"""Yield the table and the columns of each wanted row; a column is None or text."""
		hint = re.compile(b"|".join(re.escape(_as_copied(text)) for text in self.hints))
		table = ""
		columns: list[str] = []
		for line in all_lines:
			if not table:
				match = _COPY.match(line)
				if match:
					table = match[1].decode()
					columns = [part.strip().strip(b'"').decode() for part in match[2].split(b",")]
				continue
			if line == b"\\.":
				table = ""
			elif table in self.tables and hint.search(line):
				values = [_copied(value) for value in line.split(b"\t")]
				row = dict(zip(columns, values, strict=False))
				if len(values) == len(columns) and self.wanted(table, row):
					yield table, row


def _as_copied(text: str) -> bytes:
	return text.encode().replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n")


def _copied(value: bytes) -> str | None:
	if value == b"\\N":
		return None
	return _COPIED.sub(lambda found: _MEANS.get(found[1], found[1]), value).decode("utf-8", "surrogateescape")


def typed(row: Mapping[str, Any], kinds: Mapping[str, Callable[[str], Any]]) -> Raw:
	"""Turn the texts of a row into values of the types that its columns have today."""
	return {
		name: kinds[name](value) if isinstance(value, str) else value
		for name, value in row.items()
		if name in kinds
	}
