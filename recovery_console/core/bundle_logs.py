"""The logs of an incident's time, for its evidence bundle: the ends of files, rotated ones included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.bench import site_names
from recovery_console.core.bundle import Part, Scene
from recovery_console.core.checks.errors._log_files import read_end, time_of
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text

#: Of one file no more than its end is taken.
MOST_BYTES = 1024 * 1024
MOST_FILES = 40
#: Statements with the values of documents in them, and timings.
_LEFT_OUT = ("database.", "monitor.", "cssutils.", "backup.")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")


def log_parts(scene: Scene) -> list[Part]:
	"""Return the logs that were written in the window, newest first, as files of a bundle.

	Logs of the bench hold lines of all of its sites: they are taken where the bench has no other site, or where who
	asks may read them anyhow.
	"""
	site = scene.site
	folders = [site.path / "logs"]
	if scene.whole_bench or site_names(site.bench) == [site.name]:
		folders.append(site.bench / "logs")
	else:
		scene.notes.append(
			_("Logs of the bench: lines of its other sites stand in them. Break-glass takes them.")
		)
	found = [
		file
		for folder in folders
		if site.files.exists(folder)
		for file in site.files.list(folder, "*.log*")
		if file.modified >= scene.since and _is_wanted(file)
	]
	if len(found) > MOST_FILES:
		scene.notes.append(_("{count} older log files.").format(count=len(found) - MOST_FILES))
	return [_part(site.bench, file) for file in found[:MOST_FILES]]


def _is_wanted(file: StoredFile) -> bool:
	named = not file.path.name.startswith(_LEFT_OUT)
	return named and bool(file.size_bytes) and not file.path.is_symlink()


def _part(bench: Path, file: StoredFile) -> Part:
	name = str(file.path.relative_to(bench)).replace("/", "-")
	title = _("The end of {path}").format(path=file.path.relative_to(bench))
	return Part(f"logs/{name}.txt", title, partial(_lines, file=file))


def _lines(scene: Scene, *, file: StoredFile) -> Iterator[bytes]:
	"""Yield the end of a log, from the window on, redacted as a whole: a secret may go over several lines."""
	content = read_end(scene.site, file, MOST_BYTES)
	text = content.decode("utf-8", "replace")
	if len(content) >= MOST_BYTES:
		scene.notes.append(_("Only its last {count} bytes are here.").format(count=MOST_BYTES))
		text = whole_lines(text)
	yield redact_text(_from(text, scene.since), personal=True).encode("utf-8", "replace")


def whole_lines(text: str) -> str:
	"""Leave out what a cut has made unreadable: half a line, and the rest of a key whose beginning is gone."""
	text = text.partition("\n")[2]
	ends, begins = _KEY_ENDS.search(text), _KEY_BEGINS.search(text)
	if ends and (begins is None or begins.start() > ends.start()):
		return text[ends.end() :]
	return text


def _from(text: str, since: datetime) -> str:
	"""Leave out the lines before a moment; lines without a time belong to the one before."""
	place = 0
	for line in _each(text):
		at = time_of(line)
		if at is not None and at >= since:
			return text[place:]
		place += len(line)
	has_times = any(time_of(line) is not None for line in _each(text[:20_000]))
	return "" if has_times else text


def _each(text: str) -> Iterable[str]:
	return text.splitlines(keepends=True)
