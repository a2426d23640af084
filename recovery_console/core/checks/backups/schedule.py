"""Do backups still come as regularly as they did?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class Schedule(Check):
	"""Is the next backup overdue, measured by the time that usually lies between two?

	Cost: the names and times in one folder. The timer itself belongs to the system and is not looked at.
	"""

	title = _("Rhythm of backups")
	explained_by = ("host.disk",)

	#: Late after so many times the usual interval, and this much more.
	times: float = 2.0
	grace: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		sets = _sets.whole(site)
		usual = _sets.usual_interval(sets)
		if usual is None:
			return
		age = site.now() - sets[0].taken
		yield self.measure(usual_interval_hours=hours(usual))
		if age > usual * self.times + self.grace and usual > timedelta(minutes=10):
			yield self.warning(
				_("Backups stopped coming: usually every {usual_hours} h, the last one {age_hours} h ago."),
				cause=_(
					"The timer that makes them was lost (a new machine, a changed user), or the command fails: disk full,"
					" database program not found, backup interrupted."
				),
				remedy=_(
					"Look at the end of {log}. See whether `crontab -l` of the bench's user still has the line with"
					" backup; `bench setup backups` writes it. Then run `bench --site {site} backup --with-files`."
				),
				subjects=[("Backup", sets[0].stamp)],
				usual_hours=hours(usual),
				age_hours=hours(age),
				last=sets[0].taken,
				log=str(site.bench / "logs" / "backup.log"),
				site=site.name,
			)
