"""Is the newest backup as large as it should be?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_KIB = 1024


@dataclass(frozen=True)
class Size(Check):
	"""Is the newest dump of the database much smaller or larger than those before?

	Cost: the names and sizes in one folder.
	"""

	title = _("Size of the newest backup")
	explained_by = ("backups.sound",)

	#: Warn when it lost more than this share, or grew by more than that.
	shrunk: float = 0.2
	grown: float = 1.0
	#: With fewer earlier dumps nothing is compared, nor below this size.
	fewest: int = 2
	smallest_kib: int = 64
	#: A younger file may still be being written.
	running: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		sizes = [
			(found, found.parts[_sets.DATABASE])
			for found in _sets.whole(site)
			if site.now() - found.parts[_sets.DATABASE].modified >= self.running
		]
		if len(sizes) <= self.fewest:
			return
		(newest, part), earlier = sizes[0], [old.size_bytes for _found, old in sizes[1:]]
		from statistics import median  # loaded where it is needed: each module costs every diagnosis its time

		usual = median(earlier)
		yield self.measure(database_kib=round(part.size_bytes / _KIB))
		if usual < self.smallest_kib * _KIB:
			return
		change = part.size_bytes / usual - 1
		if -self.shrunk <= change <= self.grown:
			return
		yield self.warning(
			_("The newest backup is {percent} % smaller than usual.")
			if change < 0
			else _("The newest backup is {percent} % larger than usual."),
			cause=_(
				"It has {now_kib} KiB, those before mostly {usual_kib} KiB. Either data was deleted, or the backup broke"
				" off or leaves tables out."
			)
			if change < 0
			else _(
				"It has {now_kib} KiB, those before mostly {usual_kib} KiB: a log table grows, or a job wrote very much."
			),
			remedy=_(
				"Have it read from beginning to end: `recovery-console --site {site} diagnose --check"
				" backups.contents`. Then look at which tables changed in size; the report Database Storage Usage By"
				" Tables shows them."
			),
			subjects=[("Backup", newest.stamp)],
			percent=round(abs(change) * 100),
			now_kib=round(part.size_bytes / _KIB),
			usual_kib=round(usual / _KIB),
			site=site.name,
		)
