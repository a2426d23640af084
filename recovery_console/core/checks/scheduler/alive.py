"""Does anything scheduled still run?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.host._processes import processes
from recovery_console.core.checks.scheduler._types import (
	CLOCK_TOLERANCE,
	DOCTYPE,
	active_types,
	overdue_since,
	tick,
)
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words, minutes


@dataclass(frozen=True)
class Alive(Check):
	"""Did anything scheduled run lately, whatever the switches say?

	Cost: one read of the job types (some hundred rows), shared with the other checks.
	"""

	title = _("Scheduler alive")
	needs = (DOCTYPE,)
	explained_by = (
		"scheduler.switches",
		"scheduler.enabled",
		"scheduler.maintenance",
		"scheduler.plan",
		"scheduler.dormant",
		"scheduler.clock",
		"jobs.redis",
		"jobs.redis_writable",
		"jobs.workers",
		"jobs.unserved_queues",
		"jobs.backlog",
	)

	#: With something due for so long, and nothing run since, the scheduler counts as dead.
	silence: timedelta = timedelta(minutes=15)

	def run(self, site: Site) -> Answer:
		now = site.db_time(site.now())
		patience = max(self.silence, 3 * tick(site))
		types = active_types(site)
		runs = [run for found in types if (run := found.last_run) and run <= now + CLOCK_TOLERANCE]
		due = [
			(since, found)
			for found in types
			if (since := overdue_since(site, found)) is not None and since < now - patience
		]
		if runs:
			yield self.measure(last_run_minutes=max(0.0, minutes(now - max(runs))))
		if not due or (runs and max(runs) >= now - patience):
			return
		first, _first_type = min(due, key=lambda item: item[0])
		age = now - max(max(runs), first) if runs else now - first
		process = any("schedule" in found.command for found in processes(site))
		yield self.critical(
			_("Nothing scheduled has run for {age}."),
			cause=_(
				"Job types that are due: {due}. Either the scheduler process does not run, or a switch holds it, or what it"
				" queues is not taken by a worker."
			)
			if process
			else _(
				"Job types that are due: {due}. No scheduler process (`bench schedule`) was seen on this machine; unless"
				" it runs on another one, that is why."
			),
			remedy=_(
				"If no other finding explains it, start it again: `bench restart` where supervisor or systemd keeps it,"
				" `bench start` on a development bench. {log} says why it ended."
			),
			subjects=[("Site", site.name)],
			age=in_words(age),
			age_minutes=minutes(age),
			last_run=max(runs) if runs else None,
			due=len(due),
			due_since=first,
			process_seen_here=process,
			log=str(site.bench / "logs" / "schedule.error.log"),
		)
