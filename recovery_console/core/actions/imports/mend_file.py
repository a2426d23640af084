"""Save an import file anew in the form that Frappe reads."""

from __future__ import annotations

from pathlib import PurePosixPath

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.imports import _files as files
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.safe_csv import is_formula
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MendFile(Action):
	"""Add a copy of a CSV file in UTF-8, with commas, without byte order mark, NUL characters and empty lines.

	The file itself stays. An apostrophe is set before cells that a spreadsheet program would run as a formula.
	"""

	title = _("Save an import file anew")
	risk = Risk.REVERSIBLE
	needs = ("File",)
	checks = ("imports.template_warnings", "imports.failed")

	#: Its address, such as ``/private/files/members.csv``.
	file: str

	def plan(self, site: Site) -> Plan:
		found = files.read_table(site, self.file)
		rows = [found.header, *(row for _number, row in found.numbered())]
		name = f"{PurePosixPath(self.file).stem}-utf8.csv"
		edits = files.new_file(site, name, files.write(rows), "", "", "Administrator")
		formulas = sum(is_formula(cell) for row in rows for cell in row)
		return self.planned(
			site,
			_("Save {file} anew as {name}"),
			[batch("File", name, *edits)],
			warnings=[
				_(
					"Cells that a spreadsheet would run as a formula, with an apostrophe set before: {0}."
				).format(formulas)
			]
			if formulas
			else [],
			file=self.file,
			name=name,
			encoding=found.encoding,
			delimiter=found.delimiter,
		)
