"""What Desk shows in the reader's language: every text that is marked for it, and where it stands.

`python -m tests.translations nl` prints those that `recovery_console/translations/nl.csv` lacks.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

APP = Path(__file__).parents[1] / "recovery_console"
FOLDER = APP / "translations"
LANGUAGES = ("nl", "de")
#: Parts of core whose texts Desk translates: they are shown there as they stand, not within a report.
DESK_CORE = ("headline.py", "overview.py", "setup_steps.py", "trends.py")
#: Texts of records that Desk shows: DocType of the record -> its fields.
RECORDS = {
	"doctype": ("name", "description"),
	"number_card": ("label",),
	"dashboard_chart": ("chart_name",),
	"page": ("title",),
	"report": ("report_name",),
	"workspace": ("label",),
}
_FIELD_TEXTS = ("label", "description")
#: Options of these fields are words; of others they are names of DocTypes and the like.
_CHOICES = ("Select", "Autocomplete")
_JS = re.compile(r"""__\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`$]*)`)""")
_PLACEHOLDER = re.compile(r"\{\w*\}")


def messages() -> dict[str, str]:
	"""Return every text that Desk translates, and one place where it stands."""
	found: dict[str, str] = {}
	for text, place in (*_of_scripts(), *_of_python(), *_of_records()):
		if text.strip() and re.search(r"[^\W\d_]", text):
			found.setdefault(text, place)
	return found


def translations(language: str) -> dict[str, str]:
	"""Return the texts of a language, as the file of the app holds them; none where there is no file."""
	path = FOLDER / f"{language}.csv"
	if not path.exists():
		return {}
	with path.open(encoding="utf-8", newline="") as file:
		return {row[0]: row[1] for row in csv.reader(file) if row}


def placeholders(text: str) -> list[str]:
	"""Return the places in a text that a value takes, in order of their names."""
	return sorted(_PLACEHOLDER.findall(text))


def _of_scripts() -> Iterator[tuple[str, str]]:
	for path in sorted(APP.rglob("*.js")):
		for match in _JS.finditer(path.read_text(encoding="utf-8")):
			text = next(group for group in match.groups() if group is not None)
			yield re.sub(r"\\(.)", r"\1", text), path.name


def _of_python() -> Iterator[tuple[str, str]]:
	for path in sorted(APP.rglob("*.py")):
		in_core = "core" in path.relative_to(APP).parts or "rescue" in path.relative_to(APP).parts
		if path.name.startswith("test_") or (in_core and path.name not in DESK_CORE):
			continue
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and _marks(node.func) and node.args:
				argument = node.args[0]
				if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
					yield argument.value, path.name


def _marks(function: ast.expr) -> bool:
	if isinstance(function, ast.Name):
		return function.id == "_"
	return isinstance(function, ast.Attribute) and function.attr == "_"


def _of_records() -> Iterator[tuple[str, str]]:
	for kind, names in RECORDS.items():
		for path in sorted((APP / "recovery" / kind).glob("*/*.json")):
			record = json.loads(path.read_text(encoding="utf-8"))
			for name in names:
				if record.get(name):
					yield record[name], path.name
			for field in record.get("fields", ()):
				yield from ((text, path.name) for text in _of_field(field))
			for text in _of_workspace(record) if kind == "workspace" else _of_connections(record):
				yield text, path.name


def _of_workspace(record: dict[str, Any]) -> Iterator[str]:
	"""Yield what a workspace says: names of cards, links, shortcuts and charts, and its headings without their tags."""
	for part in ("links", "shortcuts", "charts", "quick_lists", "number_cards"):
		for row in record.get(part, ()):
			yield from filter(None, (row.get("label"), row.get("format")))
	for block in json.loads(record["content"]):
		if block["type"] == "header":
			yield re.sub(r"<[^>]+>", "", block["data"]["text"])


def _of_connections(record: dict[str, Any]) -> Iterator[str]:
	"""Yield the names of the groups in which a form shows what belongs to its document."""
	yield from filter(None, (link.get("group") for link in record.get("links", ())))


def _of_field(field: dict[str, str]) -> Iterator[str]:
	if field.get("hidden") and field["fieldtype"] != "Select":
		return
	for name in _FIELD_TEXTS:
		if field.get(name):
			yield field[name]
	if field["fieldtype"] in _CHOICES:
		yield from filter(None, (field.get("options") or "").split("\n"))


if __name__ == "__main__":
	known = translations(sys.argv[1])
	for text, place in messages().items():
		if text not in known:
			sys.stdout.write(f"{place}\t{text!r}\n")
