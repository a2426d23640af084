"""Stop jobs that run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs._ids import chosen
from recovery_console.core.checks.jobs._safety import Safety, classify
from recovery_console.core.checks.jobs._started import Begun, begun_jobs
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.writable import WritableSite


@dataclass(frozen=True)
class Stop(Action):
	"""Tell the workers of running jobs to end them.

	RQ kills the process that runs the job; the worker lives on and takes the next. What the job had saved stays,
	what it had not is undone by the database. It is listed among the failed jobs as stopped.
	"""

	title = _("Stop running jobs")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.overtime",)

	names: tuple[str, ...]
	#: So long a worker has to obey.
	patience: timedelta = timedelta(seconds=10)

	def plan(self, site: Site) -> Plan:
		alive = {found.job.id: found for found in begun_jobs(site) if not found.dead and found.job.worker}
		ids = chosen(site, self.names, alive, "the jobs of this site that a live worker runs")
		return self.planned(
			site,
			_("Running jobs to stop: {count}"),
			[
				batch(
					"RQ Job",
					job_id,
					Act(_("stop"), "RQ Job", job_id, {"job": job_id, "worker": alive[job_id].job.worker}),
					why=_runs(site, alive[job_id]),
				)
				for job_id in ids
			],
			warnings=list(_warnings(alive[job_id] for job_id in ids)),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		job_id, worker = str(act.arguments["job"]), str(act.arguments["worker"])
		message = json.dumps({"command": "stop-job", "job_id": job_id})
		with site.queue.redis.client() as client:
			heard = client.publish(f"rq:pubsub:{worker}", message)
		if not heard:
			raise ConsoleError(
				f"The worker {worker} does not listen, so {job_id} was not stopped.",
				remedy="Restart the workers: bench restart, or the supervisor of the bench.",
			)
		until = time.monotonic() + self.patience.total_seconds()
		while time.monotonic() < until:
			if self.is_done(site, act):
				return _("stopped")
			time.sleep(0.1)
		raise ConsoleError(
			f"The worker {worker} was told to stop {job_id} and has not yet.",
			remedy="Look again in a minute; if it still runs, restart the workers.",
			changed="The worker was told to stop the job.",
		)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		(job,) = site.queue.jobs([str(act.arguments["job"])])
		return job.status != "started"


def _runs(site: Site, found: Begun) -> str:
	age = in_words(site.now() - found.job.started_at) if found.job.started_at else "?"
	return _("{0} has run for {1}").format(found.job.does, age)


def _warnings(jobs: Iterator[Begun]) -> Iterator[str]:
	for found in jobs:
		rule = classify(found.job.does)
		if rule.safety in (Safety.MONEY, Safety.MAIL) or rule.saves_between:
			yield _("{0} may be half done when it is stopped. {1}").format(found.job.does, rule.reason)
