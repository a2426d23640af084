"""Do the backup files look whole?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Sound(Check):
	"""Do the files of the latest backups look whole: not empty, of the right kind, with a proper end?

	Cost: a few hundred bytes from both ends of at most ``most`` files. What is in the middle is not read.
	"""

	title = _("Backup files")

	most: int = 40
	#: A younger file may still be being written.
	running: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		sets = _sets.all_sets(site)
		source = _sets.files(site)
		problems: dict[str, str] = {}
		newest = False
		looked_at = 0
		for number, found in enumerate(sets):
			for kind, part in found.parts.items():
				if looked_at >= self.most or site.now() - part.modified < self.running:
					continue
				looked_at += 1
				problem = what_is_wrong(source, kind, part, found.encrypted)
				if problem:
					problems[part.path.name] = problem
					newest = newest or number == 0
		yield self.measure(backup_files_checked=looked_at)
		if problems:
			yield (self.critical if newest else self.warning)(
				_("Backup files that are damaged: {count} of {looked_at}."),
				cause=_(
					"{first} Such a backup cannot be restored. Mostly the disk was full when it was written."
				),
				remedy=_(
					"Make room on the disk, then make a new backup: `bench --site {site} backup --with-files`. Keep the"
					" older sound ones until it is there."
				),
				subjects=[("File", name) for name in problems],
				first=f"{next(iter(problems))}: {next(iter(problems.values()))}",
				looked_at=looked_at,
				newest=newest,
				site=site.name,
			)
