"""Can Jinja read every template?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: DocType, the fields that are templates, the field that chooses it (with its value), a field that holds Python.
_TEMPLATES = (
	("Email Template", ("subject", "response", "response_html"), ("", None), ""),
	("Notification", ("subject", "message"), ("enabled", 1), "condition"),
	("Print Format", ("html", "raw_commands"), ("disabled", 0), ""),
)
_READER = Environment(autoescape=True)
#: Frappe refuses a mail's template that holds this: it leads into Python's inside.
_ILLEGAL = ".__"


@dataclass(frozen=True)
class Templates(Check):
	"""Can Jinja read the Email Templates, Notifications and Print Formats that are in use?

	They are read as Jinja reads them before it fills them in; nothing is rendered. That a template asks a document
	for what it does not have shows only when it is used.

	Cost: the texts of up to ``most`` of each.
	"""

	title = _("Templates of mails and prints")

	most: int = 1000

	def run(self, site: Site) -> Answer:
		read = 0
		for doctype, fields, (switch, value), python in _TEMPLATES:
			if not site.has_doctype(doctype, *fields):
				continue
			columns = [*fields, *([python] if python else [])]
			if doctype == "Print Format":
				columns.append("print_format_type")
			t = table(doctype)
			query = site.db.from_(t).select(t["name"], *(t[column] for column in columns))
			query = query.where(t[switch] == value) if switch else query
			rows = site.db.run(query.orderby(t["name"]).limit(self.most))
			read += len(rows)
			broken = [(str(row["name"]), why) for row in rows for why in _problems(row, fields, python)]
			yield from self._report(doctype, broken)
		yield self.measure(templates=read)

	def _report(self, doctype: str, broken: list[tuple[str, str]]) -> Answer:
		if broken:
			names = list(dict.fromkeys(name for name, _why in broken))
			yield self.warning(
				_("{doctype}: {count} cannot be read, and each use of it fails."),
				cause=_("In {name}: {reason}."),
				remedy=_(
					"Open it in Desk and correct that place: each pair of braces needs its end, each if its endif, each for"
					" its endfor. Between braces a sign such as < must not stand as &lt;."
				),
				subject=doctype,
				subjects=[(doctype, name) for name in names],
				doctype=doctype,
				name=broken[0][0],
				reason=broken[0][1],
			)


def _problems(row: Row, fields: tuple[str, ...], python: str) -> Iterator[str]:
	"""Say what is wrong with one of them. Its text is not quoted: it may hold anything."""
	if row.get("print_format_type") not in (None, "", "Jinja"):
		return
	for field in fields:
		text = str(row[field] or "")
		if _ILLEGAL in text and field not in ("html", "raw_commands"):
			yield _("{0} holds {1}, which Frappe does not allow").format(field, _ILLEGAL)
		try:
			_READER.parse(text)
		except TemplateSyntaxError as error:
			yield _("{0}, line {1}, is no valid template").format(field, error.lineno)
	if python and row[python]:
		try:
			ast.parse(str(row[python]).strip(), mode="eval")
		except (SyntaxError, ValueError, RecursionError):
			yield _("{0} is no valid expression of Python").format(python)
