"""Are the uploaded files in a backup?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Uploads(Check):
	"""Where the database is backed up: are the site's uploaded files, too?

	Cost: the names and times in one folder, and the first names in two others.
	"""

	title = _("Backup of uploaded files")

	#: Files may be backed up more rarely than the database.
	at_least_every: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		sets = _sets.all_sets(site)
		if not sets or not self._has_uploads(site):
			return
		with_files = [found for found in sets if found.has_files]
		if with_files and site.now() - with_files[0].taken <= self.at_least_every:
			return
		yield self.warning(
			_("Uploaded files are in no backup of the last {days} days."),
			cause=_(
				"The backups hold the database only: `bench backup` leaves the files out unless it is called with"
				" --with-files, and so does the timer that `bench setup backups` writes. Newest backup with files: {newest}."
			),
			remedy=_(
				"Run `bench --site {site} backup --with-files` now, and add --with-files to the line in the bench user's"
				" crontab; or let another tool copy {public} and {private}."
			),
			subjects=[("Folder", "public/files"), ("Folder", "private/files")],
			count=1,
			days=self.at_least_every.days,
			newest=_("{0} days old").format((site.now() - with_files[0].taken).days)
			if with_files
			else _("none"),
			site=site.name,
			public=str(site.path / "public" / "files"),
			private=str(site.path / "private" / "files"),
		)

	@staticmethod
	def _has_uploads(site: Site) -> bool:
		return any(
			next(iter(site.files.walk(f"{side}/files", 1)), None) is not None
			for side in ("public", "private")
			if site.files.exists(f"{side}/files")
		)
