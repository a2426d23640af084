"""CSV files that are safe to open: no spreadsheet program runs a cell of theirs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

#: Lets a spreadsheet program know that the file is UTF-8.
MARK = b"\xef\xbb\xbf"
#: A number, a date or a telephone number: it may begin with a sign, and no program calls anything through it.
_NUMBER = r"[+\-\uff0b\uff0d][\d .,()/:%eE]*(?:-[\d ]+)*(?=[;\t\r\n]|\Z)"
#: What a cell, or a part of it where the program takes another sign for the end of cells, must not begin with.
_FORMULA = re.compile(
	rf"(?P<begin>\A|[;\t\r\n])(?P<gap> {{0,40}})(?!{_NUMBER})(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
_CONTROL = re.compile(r"\A[\t\r]")


def is_formula(text: str) -> bool:
	"""Tell whether a spreadsheet program might run a cell. Numbers and telephone numbers are no formulas."""
	return bool(_CONTROL.match(text) or _FORMULA.search(text))


def safe(value: Any) -> str:
	"""Return a cell that no spreadsheet program runs: an apostrophe stands before what is a formula."""
	text = "" if value is None else str(value).replace("\x00", "")
	text = _FORMULA.sub(lambda found: f"{found['begin']}{found['gap']}'", text)
	return f"'{text}" if _CONTROL.match(text) else text


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
	"""Yield rows as lines of a CSV file in UTF-8, one by one, so that a long file never stands in memory."""
	held = io.StringIO(newline="")
	writer = csv.writer(held, lineterminator="\n")
	for row in rows:
		writer.writerow([safe(cell) for cell in row])
		yield held.getvalue().encode("utf-8", "replace")
		held.seek(0)
		held.truncate()


def written(rows: Iterable[Sequence[Any]]) -> bytes:
	"""Return rows as a whole CSV file in UTF-8."""
	return b"".join(lines(rows))
