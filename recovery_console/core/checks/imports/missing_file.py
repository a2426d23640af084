"""Which imports lost the file that they are to read?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Run
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MissingFile(Check):
	"""Which imports that are not done yet lost their file, on disk or as a File document?

	Cost: reads the imports of the window; one look at the disk and one indexed lookup for each that is not done.
	"""

	title = _("Imports without their file")
	needs = (imports.DATA_IMPORT, "File")

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		with_file = [
			run
			for run in imports.runs(site, self.window, "Pending", "Partial Success", "Error", "Timed Out")
			if run.file.startswith(tuple(imports.FOLDERS))
		]
		known = self._known(site, with_file)
		gone = [run for run in with_file if not imports.on_disk(site, run.file)]
		unknown = [run for run in with_file if run.file not in known and run not in gone]
		if not gone and not unknown:
			return
		yield self.warning(
			_("Imports whose file is missing: {count}."),
			cause=_("Missing on disk: {gone}. On disk, but without a File document: {unknown}."),
			remedy=_(
				"Attach the file to each import again, or bring it back from a backup of the files, and retry."
			),
			subjects=[run.subject for run in (*gone, *unknown)],
			gone=len(gone),
			unknown=len(unknown),
			files=[run.file for run in (*gone, *unknown)][:20],
			folder=str(site.path),
		)

	def _known(self, site: Site, found: list[Run]) -> set[str]:
		t = table("File")
		addresses = sorted({run.file for run in found})
		known: set[str] = set()
		for start in range(0, len(addresses), 500):
			rows = site.db.run(
				site.db.from_(t).select(t.file_url).where(t.file_url.isin(addresses[start : start + 500]))
			)
			known |= {str(row["file_url"]) for row in rows}
		return known
