"""Reading users from a CSV text that somebody pasted or uploaded, with what is wrong line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.safe_csv import is_formula

#: A column of one of these names holds the users.
COLUMNS = ("email", "user", "e-mail", "email address", "user id", "id")
_DELIMITERS = ",;\t|"
#: So many lines, and so many mistakes shown.
_MOST_LINES = 10_000
_SHOWN = 10


def read_users(text: str) -> tuple[list[str], int]:
	"""Return the users that a CSV text names, in order, and how many lines name one that stood there before.

	Raises:
		UsageError: It is no CSV with a column of users, or lines of it cannot be used; it names them.
	"""
	lines = _lines(text)
	first = lines[0][1]
	header = [cell.strip().casefold() for cell in first]
	column = next((header.index(name) for name in COLUMNS if name in header), None)
	if column is None:
		found = ", ".join(repr(cell[:30]) for cell in first[:8]) or _("nothing")
		raise _refused(
			_("the first line has no column called email or user; it has {0}").format(found),
			_("Put a line before the rest that names the columns, such as: email"),
		)
	users: list[str] = []
	wrong: list[str] = []
	for number, cells in lines[1:]:
		if not any(cell.strip() for cell in cells):
			continue
		problem = _problem(cells, column, len(header))
		if problem:
			wrong.append(_("line {0}: {1}").format(number, problem))
		else:
			users.append(cells[column].strip())
	if wrong:
		more = _(" and {0} more").format(len(wrong) - _SHOWN) if len(wrong) > _SHOWN else ""
		raise _refused(
			"; ".join(wrong[:_SHOWN]) + more, _("Correct these lines and give the whole list again.")
		)
	if not users:
		raise _refused(_("it names nobody"), _("Put one user in each line under the column email."))
	distinct = list(dict.fromkeys(users))
	return distinct, len(users) - len(distinct)


def _lines(text: str) -> list[tuple[int, list[str]]]:
	"""Return the lines that are not empty, each with the number that an editor shows for it."""
	text = text.removeprefix("\ufeff").removeprefix("ï»¿")
	if "\ufffd" in text or "\x00" in text:
		raise _refused(
			_("it is not UTF-8: some characters are lost"),
			_("Save the list as CSV in UTF-8 and give it again."),
		)
	first = next((line for line in text.splitlines() if line.strip()), "")
	if not first:
		raise _refused(
			_("it is empty"), _("Give a line with the names of the columns, then one user in each.")
		)
	delimiter = max(_DELIMITERS, key=first.count)
	try:
		reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
		lines = [(reader.line_num, cells) for cells in reader if cells]
	except csv.Error as error:
		raise _refused(_("its quotes do not fit ({0})").format(error), _("Save it as CSV anew.")) from error
	if len(lines) > _MOST_LINES:
		raise _refused(
			_("it has {0} lines, more than {1}").format(len(lines), _MOST_LINES), _("Give it in parts.")
		)
	return lines


def _problem(cells: Sequence[str], column: int, width: int) -> str:
	"""Return what is wrong with a line."""
	if len(cells) != width:
		return _("it has {0} cells, and the first line {1}").format(len(cells), width)
	cell = cells[column].strip()
	if not cell:
		return _("the cell is empty")
	if is_formula(cells[column]):
		return _("the cell is a formula: {0!r}").format(cell[:40])
	if "@" not in cell or any(character in cell for character in "<>\"'`;,()\\ \n\r"):
		return _("this is no e-mail address: {0!r}").format(cell[:40])
	return ""


def _refused(what: str, remedy: str) -> UsageError:
	return UsageError(_("The list of users cannot be used: {0}.").format(what), remedy=remedy)
