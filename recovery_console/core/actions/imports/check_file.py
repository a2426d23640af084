"""Look through an import file before it is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.imports import _files as files
from recovery_console.core.actions.imports._columns import known_columns
from recovery_console.core.actions.imports._files import Table
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.safe_csv import is_formula
from recovery_console.core.site import Site

SHOWN = 20


@dataclass(frozen=True)
class CheckFile(Action):
	"""Say what is wrong with a CSV file for an import: encoding, separators, columns, mandatory fields, formulas.

	Changes nothing. What only Frappe can tell, such as links and the rules of a document, imports.dry_run tells.
	"""

	title = _("Look through an import file")
	risk = Risk.READ
	needs = ("DocType", "DocField")
	checks = ("imports.template_warnings",)

	#: Its address, such as ``/private/files/members.csv``.
	file: str
	doctype: str
	#: Whether it is to make new documents; else it changes documents that are there.
	new: bool = True

	def plan(self, site: Site) -> Plan:
		known = known_columns(site, self.doctype)
		found = files.read_table(site, self.file)
		header = [cell.lower() for cell in found.header]
		rows = list(found.numbered())
		missing = [
			label
			for name, label in known.required.items()
			if self.new and name.lower() not in header and label.lower() not in header
		]
		unknown = [cell for cell in found.header if cell and cell.lower() not in known.headers]
		return self.planned(
			site,
			_("{file} has {rows} lines"),
			[],
			warnings=[
				*self._form(found),
				*self._columns(unknown, missing, header),
				*self._lines(found, rows),
			],
			file=self.file,
			rows=len(rows),
			encoding=found.encoding,
			delimiter=found.delimiter,
			unknown_columns=unknown[:SHOWN],
			missing_columns=missing[:SHOWN],
		)

	@staticmethod
	def _form(found: Table) -> Iterator[str]:
		if found.encoding != "utf-8":
			yield _("It is not in UTF-8 but in {0}: letters with accents may come out wrong.").format(
				found.encoding
			)
		if found.bom:
			yield _("It begins with a byte order mark: Frappe takes it as part of the first column's name.")
		if found.delimiter != ",":
			yield _("Its cells are separated by {0!r}: Frappe 15 reads commas only.").format(found.delimiter)
		if found.nul:
			yield _("It holds NUL characters: {0}.").format(found.nul)

	def _columns(self, unknown: list[str], missing: list[str], header: list[str]) -> Iterator[str]:
		if unknown:
			yield _("Columns that no field of {0} is called, which Frappe skips: {1}.").format(
				self.doctype, ", ".join(unknown[:SHOWN])
			)
		if missing:
			yield _("Mandatory fields without a column: {0}.").format(", ".join(missing[:SHOWN]))
		twice = [name for name, count in Counter(cell for cell in header if cell).items() if count > 1]
		if twice:
			yield _("Columns that come twice, of which Frappe reads the first: {0}.").format(
				", ".join(twice[:SHOWN])
			)
		if not self.new and not {"id", "name"} & set(header):
			yield _("To change documents it needs the column ID.")

	@staticmethod
	def _lines(found: Table, rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
		if not rows:
			yield _("It has no line below its header.")
		long = [
			number
			for number, row in found.numbered()
			if len(row) > len(found.header) and any(row[len(found.header) :])
		]
		if long:
			yield _("Lines with more cells than columns: {0}.").format(_shown(long))
		formulas = [number for number, row in found.numbered() if any(map(is_formula, row))]
		if formulas:
			yield _("Lines with cells that a spreadsheet program would run as a formula: {0}.").format(
				_shown(formulas)
			)


def _shown(numbers: list[int]) -> str:
	rest = len(numbers) - SHOWN
	return ", ".join(map(str, numbers[:SHOWN])) + (_(" and {0} more").format(rest) if rest > 0 else "")
