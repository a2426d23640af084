"""The command `explain`: where its text comes from and how its answer reads."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click

from recovery_console.core.errors import ConsoleError, SourceUnavailable, UsageError
from recovery_console.core.extensions import errors_for
from recovery_console.core.knowledge import (
	Explanation,
	KnownError,
	Match,
	explain,
	site_errors,
	switched_off,
)
from recovery_console.core.redact import redact
from recovery_console.core.runbooks.answers import for_error
from recovery_console.rescue.command_base import Target

MOST_BYTES = 64 * 1024**2
_WIDTH = 100
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def read_text(text: str | None, file: str | None) -> str:
	"""Return the text to explain: the argument itself, standard input for ``-``, or a file.

	Raises:
		UsageError: Neither or both are given, the file cannot be read, or it is no text.
	"""
	if (text is None) == (file is None):
		raise UsageError(
			"Give one text to explain." if text is None else "Give a text or a file, not both.",
			remedy='Like this: explain "the error text"; or explain --file worker.error.log; or … | explain -',
		)
	if file is not None:
		given = _decoded(_bytes_of(file), file)
	elif text == "-":
		given = _decoded(_piped(), "standard input")
	else:
		given = str(text)
	if not given.strip():
		raise UsageError("The text is empty.", remedy="Give the error text, from its first line to its last.")
	return given


def _bytes_of(file: str) -> bytes:
	try:
		with Path(file).expanduser().open("rb") as source:
			return _limited(source, file)
	except (OSError, ValueError) as error:
		reason = getattr(error, "strerror", None) or error
		raise UsageError(f"{file} cannot be read: {reason}.", remedy="Name a text file.") from error


def _piped() -> bytes:
	if sys.stdin is None:
		raise UsageError("There is no standard input.", remedy="Give the text itself, or --file.")
	if sys.stdin.isatty():
		click.echo("Paste the error text, then press Enter and Ctrl-D.", err=True)
	return _limited(sys.stdin.buffer, "standard input")


def _limited(source: BinaryIO, name: str) -> bytes:
	raw = source.read(MOST_BYTES + 1)
	if len(raw) > MOST_BYTES:
		raise UsageError(
			f"{name} has more than {MOST_BYTES // 1024**2} MiB.",
			remedy="Give the end of it: tail -c 20M FILE | recovery-console explain -",
		)
	return raw


def _decoded(raw: bytes, name: str) -> str:
	for mark, encoding in _BYTE_ORDER_MARKS:
		if raw.startswith(mark):
			return raw.decode(encoding, "replace")
	if b"\0" in raw:
		raise UsageError(
			f"{name} is not a text but binary data.",
			remedy="Give a text file; unpack a compressed one first, such as with zcat.",
		)
	return raw.decode("utf-8", "replace")


def explain_for(target: Target, text: str, limit: int) -> tuple[Explanation, list[str]]:
	"""Explain a text with what the console knows, and with what the site knows if one was named.

	Returns:
		The explanation, and what the reader must know about it.
	"""
	notes: list[str] = []
	extra: tuple[KnownError, ...] = ()
	without: frozenset[str] = frozenset()
	if target.named:
		with target.open() as site:
			with contextlib.suppress(SourceUnavailable):  # the same database is asked below, which notes it
				without = switched_off(site)
			for read, whose in ((site_errors, "The site's own"), (errors_for, "The other apps'")):
				try:
					extra += read(site)
				except ConsoleError as error:
					notes.append(f"{whose} known errors were not asked: {error.message}")
	explanation = explain(text, extra=extra, without=without, limit=limit)
	notes += [f"Known Error {problem.id} was left out: {problem.reason}." for problem in explanation.problems]
	return explanation, notes


def as_dict(explanation: Explanation, notes: Sequence[str]) -> dict[str, Any]:
	"""Return an explanation fit for JSON, redacted."""
	answer: dict[str, Any] = redact(
		{"version": 1, "matches": [_match(match) for match in explanation.matches], "notes": list(notes)}
	)
	return answer


def _match(match: Match) -> dict[str, Any]:
	error = match.error
	return {
		"id": error.id,
		"category": error.category,
		"title": error.title,
		"cause": error.cause,
		"fix": error.fix,
		"risk": error.risk,
		"auto": error.auto,
		"auto_note": error.auto_note,
		"versions": error.versions,
		"source": error.source,
		"of_site": error.of_site,
		"runbooks": list(for_error(error.id)),
		"excerpt": match.excerpt,
		"line": match.line,
		"count": match.count,
	}


def as_text(answer: dict[str, Any]) -> str:
	"""Write an explanation for people."""
	blocks = [_block(match) for match in answer["matches"]]
	blocks += ["\n".join(f"Note: {note}" for note in answer["notes"])] if answer["notes"] else []
	return "\n\n".join(blocks or ["Nothing known was found in this text."])


def _block(match: dict[str, Any]) -> str:
	where = f"Line {match['line']}" + (f", on {match['count']} lines" if match["count"] > 1 else "")
	parts = [
		("Why", match["cause"]),
		("Do", match["fix"]),
		("Repair", " or ".join(f"recovery-console run {name}" for name in match["runbooks"])),
		("Risk", match["risk"]),
		("Versions", match["versions"]),
		(where, match["excerpt"]),
	]
	lines = [f"{match['title']}  [{match['id']}, {match['category']}]"]
	for name, text in parts:
		if text:
			lines += textwrap.wrap(
				f"{name}: {text}",
				_WIDTH,
				initial_indent="  ",
				subsequent_indent="    ",
				break_on_hyphens=False,
			)
	return "\n".join(lines)
