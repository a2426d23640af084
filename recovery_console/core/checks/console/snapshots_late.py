"""Does the console take its snapshots on time?"""

from __future__ import annotations

from datetime import datetime, timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours, in_words


@dataclass(frozen=True)
class SnapshotsLate(Check):
	"""Is a snapshot taken every hour, as Recovery Settings ask for?

	Cost: the times of the snapshots of one day, by index, and of the newest.
	"""

	title = _("Snapshots on time")
	needs = (_snapshots.DOCTYPE, "Scheduled Job Type")
	explained_by = (*_snapshots.HELD_BACK_BY, "console.snapshots_failed")

	#: The newest may be this old.
	oldest: timedelta = timedelta(hours=3)
	#: So many hours of the last day may lack one.
	most_missed: int = 5

	def run(self, site: Site) -> Answer:
		if not _snapshots.enabled(site):
			raise NotApplicable(_("Recovery Settings say that no snapshots are to be taken."))
		times = self._times(site)
		since = times[0] if times else self._set_up(site)
		if since is None:
			raise NotApplicable(_("The scheduler does not know the console's jobs yet."))
		age = site.now() - since
		missed = self._missed(site, times) if times else 0
		yield self.measure(newest_snapshot_hours=hours(age), hours_without_snapshot=missed)
		late = age > self.oldest
		if not late and missed <= self.most_missed:
			return
		yield self.warning(
			self._title(late=late, ever=bool(times)),
			cause=_(
				"One is to be taken every hour. What breaks meanwhile is noticed late, and nobody can say later when it"
				" began."
			),
			remedy=_(
				"Look at the scheduler and the workers of the long queue first. `bench --site {site} recovery snapshot`"
				" takes one now."
			),
			subjects=[("DocType", _snapshots.DOCTYPE)],
			count=max(missed, 1),
			age=in_words(age),
			newest=times[0] if times else None,
			missed=missed,
			site=site.name,
		)

	def _title(self, *, late: bool, ever: bool) -> str:
		if not ever:
			return _("The console was set up {age} ago and has never taken a snapshot by itself.")
		if late:
			return _("The console took its last snapshot by itself {age} ago.")
		return _("Hours of the last day without a snapshot: {count}.")

	def _set_up(self, site: Site) -> datetime | None:
		"""Return when the scheduler was told of the hourly snapshot."""
		t = table("Scheduled Job Type")
		row = site.db.from_(t).select(t.creation).where(t.method == "recovery_console.tasks.hourly_snapshot")
		return site.moment(site.db.value(row))

	def _times(self, site: Site) -> list[datetime]:
		"""Return when snapshots were begun by the scheduler, newest first: those of a day, or the very last."""
		t = table(_snapshots.DOCTYPE)
		query = site.db.from_(t).select(t.creation).where(t.taken_by == "Schedule")
		rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(26))
		return [at for row in rows if (at := site.moment(row["creation"])) is not None]

	def _missed(self, site: Site, times: list[datetime]) -> int:
		"""Return how many whole hours of the last day, since the first snapshot, have none."""
		hour = timedelta(hours=1)
		began = max(times[-1], site.now() - 24 * hour)
		whole = int((site.now() - began) / hour)
		taken = {int((site.now() - at) / hour) for at in times if at >= began}
		return sum(number not in taken and number - 1 not in taken for number in range(1, whole))
