"""Do errors wait in Redis that Error Log does not show?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

#: What Frappe calls every quarter of an hour to save them.
SAVES = "frappe.deferred_insert.save_to_db"


@dataclass(frozen=True)
class Waiting(Check):
	"""Do errors of web requests wait in Redis, unseen, because nothing saves them to Error Log?

	Cost: one LLEN in the cache server, and the last run of one scheduled job.
	"""

	title = _("Errors not yet in Error Log")
	needs = ("Scheduled Job Type",)
	explained_by = (
		*("scheduler.alive", "scheduler.enabled", "scheduler.switches", "scheduler.maintenance"),
		*("scheduler.overdue", "scheduler.stopped", "scheduler.never_run", "scheduler.stuck_runs"),
		*("jobs.workers", "jobs.unserved_queues", "jobs.redis", "cache.reachable"),
	)

	#: Frappe saves them every 15 minutes; later than this, it does not.
	saved_within: timedelta = timedelta(hours=1)
	#: So many are more than Frappe can save in two runs, whether it runs or not.
	most: int = 1000

	def run(self, site: Site) -> Answer:
		key = f"{site.config.get('db_name')}|insert_queue_for_Error Log"
		with site.cache.client() as client:
			waiting = int(client.llen(key))
		yield self.measure(errors_waiting=waiting)
		if not waiting:
			return
		t = table("Scheduled Job Type")
		last = site.db.value(site.db.from_(t).select(Fn("MAX", t.last_execution)).where(t.method == SAVES))
		age = site.age(last)
		late = age is None or age > self.saved_within
		if not late and waiting < self.most:
			return
		yield self.warning(
			_("Errors that nobody sees yet: {count}. They wait in Redis and are not in Error Log."),
			cause=_(
				"The scheduled job that saves them every 15 minutes ran last {last_run}. What goes wrong in the browser"
				" is kept in the memory of Redis until then; a restart of Redis loses it."
			)
			if late
			else _(
				"They come faster than they are saved: the scheduled job that does it takes about 500 at a time. It ran"
				" last {last_run}. A restart of Redis loses what waits."
			),
			remedy=_("Save them now: `bench --site {site} execute {method}`. Then look at Error Log."),
			subjects=[("Redis list", key)],
			count=waiting,
			last_run=_("{0} ago").format(in_words(age)) if age is not None else _("never"),
			method=SAVES,
			site=site.name,
		)
