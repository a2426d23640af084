"""Give imports the File document of their file back."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.imports import _files as files
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import DATA_IMPORT, Run
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import inserted
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RestoreFileRow(Action):
	"""Add the File document of an import's file that is on disk without one: without it Frappe does not find it."""

	title = _("Give imports their file back")
	risk = Risk.REVERSIBLE
	needs = (DATA_IMPORT, "File")
	checks = ("imports.missing_file",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 50

	def plan(self, site: Site) -> Plan:
		runs = [
			run
			for run in imports.runs(site, self.window, "Pending", "Partial Success", "Error", "Timed Out")
			if run.file.startswith(tuple(files.FOLDERS)) and (not self.names or run.name in self.names)
		]
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for run in runs:
			if self._known(site, run):
				continue
			if site.files.exists(files.path_of(run.file)):
				batches.append(self._batch(site, run))
			else:
				why = _(
					"Its file is not on disk either: attach it again, or bring it back from a backup of the files."
				)
				left_out.append(LeftOut(Subject(run.doctype, run.name), why))
		return self.planned(
			site,
			_("Imports whose File document is added: {count}"),
			batches,
			most=self.most,
			left_out=left_out,
		)

	@staticmethod
	def _known(site: Site, run: Run) -> bool:
		t = table("File")
		return bool(site.db.count(site.db.from_(t).where(t["file_url"] == run.file)))

	@staticmethod
	def _batch(site: Site, run: Run) -> Batch:
		content = site.files.read_bytes(files.path_of(run.file), 64 * 1024 * 1024)
		owner = files.owner_of(site, run.doctype, run.name)
		row = files.file_row(site, run.file, content, run.doctype, run.name, owner)
		return batch(run.doctype, run.name, inserted("File", row | {"attached_to_field": "import_file"}))
