"""Are the files there that were attached of late?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.storage._recent import recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Missing(Check):
	"""Is the content of every file that was attached of late on disk?

	Cost: the File rows of the window, at most ``most``, and one look at the disk for each.
	"""

	title = _("Attached files")
	needs = ("File",)
	explained_by = ("storage.folders", "imports.missing_file")

	window: timedelta = timedelta(days=30)
	most: int = 2000

	def run(self, site: Site) -> Answer:
		files = recent(site, self.window, self.most)
		gone = [file for file in files if file.stored is None]
		yield self.measure(files_checked=len(files), files_missing=len(gone))
		if gone:
			yield self.warning(
				_("Attached files that are not on disk: {count} of {checked} that were looked at."),
				cause=_(
					"Their File documents say where they should lie. Files are lost when a database is restored without"
					" its files, when a folder is cleaned by hand, or when a container kept them outside its volume."
				),
				remedy=_(
					"Take them from the files of a backup (*-files.tar and *-private-files.tar in {backups}); what"
					" nobody has any more must be attached anew, or its File deleted."
				),
				subjects=[("File", file.name) for file in gone],
				checked=len(files),
				days=self.window.days,
				addresses=[file.url for file in gone][:5],
				backups=str(site.path / "private" / "backups"),
			)
