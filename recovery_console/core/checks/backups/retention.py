"""Are enough backups kept?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Retention(Check):
	"""Does Frappe's clean-up leave more than one backup to go back to?

	Cost: the names in one folder, and one setting.
	"""

	title = _("Backups that are kept")

	fewest: int = 2
	#: A younger site cannot have more yet.
	young: timedelta = timedelta(days=3)

	def run(self, site: Site) -> Answer:
		sets = _sets.whole(site)
		limit = site.single("System Settings", "backup_limit")
		keep_hours = site.config.number("keep_backups_for_hours", 24) or 24
		yield self.measure(backups_kept=len(sets))
		if limit is not None and site.single_int("System Settings", "backup_limit") < 1:
			yield self.critical(
				_("Frappe deletes every backup within the hour."),
				cause=_(
					"The number of backups to keep in System Settings is {limit}; the hourly clean-up obeys it."
				),
				remedy=_("Set Number of Backups in System Settings to at least 3, and make a backup."),
				subject="limit",
				subjects=[("Setting", "backup_limit")],
				limit=limit,
			)
		elif 0 < len(sets) < self.fewest and (_sets.site_age(site) or self.young) >= self.young:
			yield self.warning(
				_("Only one backup is kept on this machine."),
				cause=_(
					"Before it makes a new one, Frappe deletes those older than {keep_hours} h (keep_backups_for_hours),"
					" and every hour those beyond the newest {limit} (System Settings). If the next one fails, or"
					" a mistake is noticed late, there is nothing to go back to."
				),
				remedy=_(
					"Let backups be made more often than every {keep_hours} h, or keep them longer:"
					" `bench --site {site} set-config keep_backups_for_hours 72`. And keep copies on another machine."
				),
				subject="few",
				subjects=[("Backup", sets[0].stamp)],
				keep_hours=keep_hours,
				limit=limit if limit is not None else 3,
				site=site.name,
			)
