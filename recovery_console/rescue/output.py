"""Writing results: what was asked for to stdout or a file, everything else to stderr."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recovery_console.core.errors import OutputError
from recovery_console.core.runner import CheckResult, Progress

if TYPE_CHECKING:
	from recovery_console.core.fleet import Diagnosed

_MARKS = {"ok": ".", "info": "i", "warning": "!", "critical": "X", "unknown": "?", "skipped": "-"}


def emit(text: str, output: str | None) -> None:
	"""Write a result to stdout, or to a file that then belongs to this user alone.

	Raises:
		OutputError: The file cannot be written; an earlier one of that name is untouched.
	"""
	if output is None or output == "-":
		click.echo(text)
		return
	path = Path(output).expanduser()
	try:
		handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
		try:
			with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
				file.write(text + "\n")
			Path(temporary).replace(path)
		except OSError:
			Path(temporary).unlink(missing_ok=True)
			raise
	except OSError as error:
		raise OutputError(
			f"{path} cannot be written: {error.strerror or error}.",
			remedy="Name another file with --output, or leave it out to print the report.",
		) from error
	click.echo(f"Written to {path}", err=True)


def progress() -> Progress | None:
	"""Return what tells of each check as it ends, where somebody looks at a terminal."""
	return _show_progress if sys.stderr.isatty() else None


def _show_progress(result: CheckResult, done: int, total: int) -> None:
	"""Write over one line."""
	mark = _MARKS[result.status.value]
	line = f"\r[{done:>3}/{total}] {mark} {result.check.id}"
	click.echo(f"{line[:78]:<78}", err=True, nl=False)
	if done == total:
		click.echo("\r" + " " * 78 + "\r", err=True, nl=False)


def show_site(result: Diagnosed, done: int, total: int) -> None:
	"""Tell of each site as it ends."""
	if sys.stderr.isatty():
		click.echo(f"[{done}/{total}] {_MARKS[result.status.value]} {result.site}", err=True)
