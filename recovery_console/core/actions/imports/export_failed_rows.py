"""Put the failed rows of an import into a file of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.imports import _files as files
from recovery_console.core.actions.imports import _restart as restart
from recovery_console.core.actions.imports._restart import State
from recovery_console.core.checks.imports._runs import DATA_IMPORT, LOG, last_line
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

ERROR = "Import Error"


@dataclass(frozen=True)
class ExportFailedRows(Action):
	"""Add a CSV file with the failed rows of each import, their errors beside them, to be corrected and imported.

	It is attached to the import. Frappe skips the column with the errors.
	"""

	title = _("Export failed rows")
	risk = Risk.REVERSIBLE
	needs = (DATA_IMPORT, LOG, "File")
	checks = ("imports.partial",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		rows = 0
		for state in restart.states(site, self.names, self.window):
			if not state.failed:
				continue
			try:
				lines = _lines(site, state)
				batches.append(self._batch(site, state, lines))
				rows += len(lines) - 1
			except UsageError as error:
				if self.names:
					raise
				left_out.append(restart.left(state, error.message))
		return self.planned(
			site,
			_("Failed rows to export: {rows}; imports: {count}"),
			batches,
			most=self.most,
			left_out=left_out,
			rows=rows,
		)

	@staticmethod
	def _batch(site: Site, state: State, lines: Sequence[Sequence[str]]) -> Batch:
		run = state.run
		owner = files.owner_of(site, run.doctype, run.name)
		edits = files.new_file(
			site, f"{run.name}-failed-rows.csv", files.write(lines), run.doctype, run.name, owner
		)
		return batch(run.doctype, run.name, *edits)


def _lines(site: Site, state: State) -> list[Sequence[str]]:
	"""Return header and failed rows, each with its error.

	Raises:
		UsageError: The file cannot be read, or does not fit the log.
	"""
	found = files.read_table(site, state.run.file)
	errors = dict(_errors(state))
	lines = [[*row, errors[number]] for number, row in found.numbered() if number in errors]
	if not lines:
		raise UsageError(
			f"The rows that failed are not in the file of {state.run.name} any more.",
			remedy="Another file was attached since; take the rows from the one that was imported.",
		)
	width = len(found.header)
	return [
		[*found.header, ERROR],
		*([*line[:-1], *[""] * (width + 1 - len(line)), line[-1]] for line in lines),
	]


def _errors(state: State) -> Iterator[tuple[int, str]]:
	for row in state.failed:
		try:
			numbers = json.loads(str(row["row_indexes"] or "[]"))
		except ValueError:
			continue
		for number in numbers if isinstance(numbers, list) else []:
			if isinstance(number, int):
				yield number, last_line(str(row["exception"] or ""))
