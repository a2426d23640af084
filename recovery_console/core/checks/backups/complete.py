"""Does the newest backup hold all its parts?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours

_NAMES = {
	_sets.DATABASE: _("the database"),
	_sets.CONFIG: _("the configuration with the encryption key"),
	_sets.PUBLIC: _("the public files"),
	_sets.PRIVATE: _("the private files"),
}


@dataclass(frozen=True)
class Complete(Check):
	"""Does the newest backup hold the database and the configuration, and both kinds of files or neither?

	Cost: the names and times in one folder.
	"""

	title = _("Parts of the newest backup")

	#: A backup whose last part is younger may still be running.
	running: timedelta = timedelta(minutes=30)

	def run(self, site: Site) -> Answer:
		sets = [found for found in _sets.all_sets(site) if site.now() - found.written >= self.running]
		if not sets:
			return
		newest = sets[0]
		needed = [_sets.DATABASE, _sets.CONFIG]
		if newest.parts.keys() & {_sets.PUBLIC, _sets.PRIVATE}:
			needed += [_sets.PUBLIC, _sets.PRIVATE]
		missing = [part for part in needed if part not in newest.parts]
		if missing:
			yield self.warning(
				_("The newest backup is incomplete: it lacks {missing}."),
				cause=_(
					"A restore needs the parts of one moment. The run {hours} h ago broke off (disk full, a file that could"
					" not be read, a time limit), or a part was deleted since."
				),
				remedy=_(
					"Make a complete one: `bench --site {site} backup --with-files`, and read what it says. Until then"
					" restore from the newest complete one, of {complete}."
				),
				subjects=[("Backup", newest.stamp)],
				count=len(missing),
				missing=", ".join(_NAMES[part] for part in missing),
				taken=newest.taken,
				hours=hours(site.now() - newest.taken),
				complete=next(
					(found.stamp for found in sets if len(found.parts) == len(_sets.PARTS)), _("(none)")
				),
				site=site.name,
			)
