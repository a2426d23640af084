"""Which scheduled jobs come near their time limit?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.window import indexed_time

_LOG, _TYPE = "Scheduled Job Log", "Scheduled Job Type"


@dataclass(frozen=True)
class ScheduledJobs(Check):
	"""Which scheduled jobs take so long that they soon run into the time limit of their queue?

	Cost: two times each of up to 3000 runs of the last days, and the job types.
	"""

	title = _("Scheduled jobs near their time limit")
	needs = (_LOG, _TYPE)
	explained_by = ("host.load", "database.latency", "database.waiting")

	window: timedelta = timedelta(days=3)
	#: Of the time limit of the queue, taken by the longest run.
	share: float = 0.8
	#: So many runs are looked at, the newest.
	most: int = 3000

	def run(self, site: Site) -> Answer:
		longest = self._longest(site)
		types = table(_TYPE)
		rows = site.db.run(
			site.db.from_(types).select(types["name"], types.method, types.frequency).limit(2000)
		)
		near = []
		for row in rows:
			taken = longest.get(row["name"], timedelta(0))
			limit = site.queue.limit(_queue(row))
			if taken >= limit * self.share:
				near.append((taken, limit, row))
		yield self.measure(
			longest_run_minutes=round(max(longest.values(), default=timedelta(0)).total_seconds() / 60, 1)
		)
		if not near:
			return
		near.sort(key=lambda item: -item[0] / item[1])
		taken, limit, worst = near[0]
		yield self.warning(
			_("Scheduled jobs that come near their time limit: {count}."),
			cause=_(
				"{method} took {taken}; after {limit} it is ended in the middle of its work. It grows with the data, so that"
				" day comes."
			),
			remedy=_(
				"Find out what it has so much of, and clear that. A queue of one's own with a longer timeout is set under"
				" workers in common_site_config.json."
			),
			subjects=[(_TYPE, row["name"]) for _taken, _limit, row in near],
			method=worst["method"],
			taken=in_words(taken),
			limit=in_words(limit),
			minutes={row["method"]: round(took.total_seconds() / 60, 1) for took, _limit, row in near[:20]},
		)

	def _longest(self, site: Site) -> dict[str, timedelta]:
		"""Return the longest run of every job type: a row is made when it begins and changed when it ends."""
		t = table(_LOG)
		since = site.ago(self.window)
		query = site.db.from_(t).select(t.scheduled_job_type, t.creation, t.modified)
		query = query.where((t.creation >= since) & (t.modified >= since) & (t.status == "Complete"))
		found: dict[str, timedelta] = defaultdict(timedelta)
		nearly: dict[str, timedelta] = {}
		for row in site.db.run(query.orderby(t[indexed_time(site)], order=Order.desc).limit(self.most)):
			name, begun, ended = row["scheduled_job_type"], row["creation"], row["modified"]
			if isinstance(begun, datetime) and ended - begun <= nearly.get(name, timedelta(0)):
				continue  # at most an hour is lost so, where the clocks went back meanwhile
			begun, ended = site.moment(begun), site.moment(ended)
			if begun and ended:
				found[name] = max(found[name], ended - begun)
				nearly[name] = found[name]
		return found


def _queue(row: dict[str, Any]) -> str:
	"""Return the queue in which Frappe runs a job type."""
	frequency = str(row["frequency"] or "")
	return "long" if "Long" in frequency or "Maintenance" in frequency else "default"
