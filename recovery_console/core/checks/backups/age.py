"""Is the newest backup young enough?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class Age(Check):
	"""Is there a backup of the whole database, and is it younger than what may be lost?

	Cost: the names and times in one folder.
	"""

	title = _("Age of the newest backup")
	explained_by = ("backups.schedule",)

	#: The work of so many hours may be lost at most.
	warn_after: timedelta = timedelta(hours=24)
	escalate_after: timedelta = timedelta(hours=48)

	def run(self, site: Site) -> Answer:
		sets = _sets.whole(site)
		partial = sum(1 for found in _sets.all_sets(site) if found.partial)
		if not sets:
			yield from self._none(site, partial)
			return
		age = site.now() - sets[0].taken
		yield self.measure(newest_hours=hours(age), backups=len(sets))
		if age < self.warn_after:
			return
		yield (self.critical if age >= self.escalate_after else self.warning)(
			_("The newest backup of the database is {age_hours} h old."),
			cause=_(
				"Backups are made by a timer of the system, not by Frappe's scheduler; when it is gone or fails, nobody"
				" is told. Everything entered since then is in no backup on this machine. Partial backups beside"
				" it: {partial}."
			),
			remedy=_REMEDY,
			subjects=[("Backup", sets[0].stamp)],
			age_hours=hours(age),
			taken=sets[0].taken,
			partial=partial,
			**_where(site),
		)

	def _none(self, site: Site, partial: int) -> Answer:
		age = _sets.site_age(site)
		if age is not None and age < self.warn_after:
			return  # a new site: its first backup is not yet due
		yield self._missing(site, partial, age is not None and age < self.escalate_after)

	def _missing(self, site: Site, partial: int, is_new: bool) -> Finding:
		return (self.warning if is_new else self.critical)(
			_("There is no backup of the whole database."),
			cause=_(
				"{folder} holds none. Frappe's scheduler makes no backups: a timer of the system must. Backups may lie"
				" elsewhere, made by your hosting; the console cannot see those. Partial backups here: {partial}."
			),
			remedy=_REMEDY,
			subject="none",
			partial=partial,
			**_where(site),
		)


_REMEDY = _(
	"Make one now: `bench --site {site} backup --with-files`, and copy it to another machine. Then look at the bench"
	" user's timer with `crontab -l`; `bench setup backups` writes it. What went wrong stands in {log}."
)


def _where(site: Site) -> dict[str, str]:
	return {
		"site": site.name,
		"folder": str(_sets.folder(site)),
		"log": str(site.bench / "logs" / "backup.log"),
	}
