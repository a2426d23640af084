"""Why does this job not run?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.queues import STANDARD_QUEUES, belongs_to
from recovery_console.core.backends.rq_records import Job as QueuedJob
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.jobs import _started
from recovery_console.core.checks.jobs._workers import muster
from recovery_console.core.checks.jobs.blocked import stale_jobs
from recovery_console.core.checks.scheduler import _types
from recovery_console.core.checks.scheduler._types import JobType
from recovery_console.core.finding import Subject, _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.why import Given, Repair, Step, Verdict, Why, asks

#: The newest runs of a scheduled job are looked for so far back.
WINDOW = timedelta(days=7)
#: A job that waits no longer than this need not be looked after.
PATIENCE = timedelta(minutes=2)
_SCHEDULER = (
	"scheduler.switches",
	"scheduler.enabled",
	"scheduler.maintenance",
	"scheduler.alive",
	"scheduler.dormant",
	"scheduler.plan",
	"scheduler.clock",
)


class Job(Why):
	"""From the scheduler to the worker: where is this job, and what keeps it from running?

	Cost: the job types of the site, one job by id, the roll of the workers, and a few checks.
	"""

	id = "job"
	title = _("Why does this job not run?")
	question = _("Why does the job {about} not run?")
	takes = (
		Given(
			"about",
			_("Job"),
			required=True,
			hint=_("The id of an RQ Job, or the name or method of a Scheduled Job Type."),
		),
	)
	healthy = _("Nothing stands in the way of this job.")

	kind: JobType | None = None
	job: QueuedJob | None = None

	@classmethod
	def subjects_of(cls, given: Mapping[str, str], site: Site) -> list[Subject]:
		found = _type_of(site, given["about"])
		return [Subject(_types.DOCTYPE, found.name) if found else Subject("RQ Job", "")]

	@property
	def subjects(self) -> list[tuple[str, str]]:
		found = [(_types.DOCTYPE, self.kind.name)] if self.kind else []
		return [*found, *([("RQ Job", self.job.id)] if self.job else [])]

	@asks(_("Does the queue answer?"))
	def queue_answers(self) -> Step:
		return self.by_checks("jobs.redis", "jobs.redis_writable", ok=_("Yes."))

	@asks(_("Is there such a job?"))
	def exists(self) -> Step:
		about = self.given["about"]
		self.kind = _type_of(self.site, about)
		ids = _ids(self.site, self.kind) if self.kind else _with_site(self.site, about)
		found = [
			job
			for job in self.site.queue.jobs(ids, with_exception=True)
			if job.exists and (self.kind or belongs_to(job.id, self.site.name) or job.site == self.site.name)
		]
		self.job = found[0] if found else None
		if self.kind is not None:
			self.given["about"] = self.kind.method
			return self.ok(
				_("Yes: {method}, {frequency}."),
				subjects=self.subjects,
				method=self.kind.method,
				frequency=self.kind.cron or self.kind.frequency,
				in_queue=self.job.status if self.job else None,
			)
		if self.job is None:
			return self.blocked(
				_(
					"No: no job type and no job of this site is called {about}; a finished job is forgotten after a while."
				),
				_("Look in the RQ Job list and the Scheduled Job Type list."),
				ends=True,
				about=about,
			)
		return self.ok(
			_("Yes: {does}, in the queue {queue}, as {status}."),
			subjects=self.subjects,
			does=self.job.does,
			queue=self.job.queue,
			status=self.job.status,
		)

	@asks(_("Is it switched on?"))
	def switched_on(self) -> Step:
		if self.kind is None:
			return self.skipped(_("It is no scheduled job."))
		if self.kind.stopped:
			return self.blocked(
				_("No: somebody ticked Stopped in {method}."),
				_("Find out why; then let it run again."),
				repairs=[Repair("start-stopped-jobs", {"names": [self.kind.name]})],
				subjects=self.subjects,
				method=self.kind.method,
			)
		return self.ok(_("Yes."))

	@asks(_("Does the scheduler run?"))
	def scheduler_runs(self) -> Step:
		if self.kind is None:
			return self.skipped(_("It does not wait for the scheduler."))
		return self.by_checks(*_SCHEDULER, ok=_("Yes: it is enabled and at work."))

	@asks(_("Is it due?"))
	def due(self) -> Step:
		if self.kind is None:
			return self.skipped(_("It runs once, when its turn comes."))
		problem = self.kind.plan_error()
		if problem is not None:
			return self.blocked(
				_("It never is: its plan {plan} cannot be computed."),
				_("Correct its cron format, or let the job types be made anew."),
				repairs=[Repair("resync-scheduled-jobs")],
				subjects=self.subjects,
				plan=self.kind.cron or self.kind.frequency,
				error=str(problem),
			)
		since, due = _types.overdue_since(self.site, self.kind), self.kind.due()
		last = f"{self.kind.last_run:%Y-%m-%d %H:%M}" if self.kind.last_run else _("never")
		if since is None:
			self.healthy = _("Nothing stands in the way of this job: it runs when it is due.")
			return self.ok(
				_("Not before {due}. It last ran: {last}."), due=f"{due:%Y-%m-%d %H:%M}", last=last
			)
		late = self.site.db_time(self.site.now()) - since
		if late <= 2 * _types.tick(self.site) + _types.CLOCK_TOLERANCE:
			return self.ok(
				_("Yes, since {late}; the scheduler looks every {tick}."),
				late=in_words(late),
				tick=in_words(_types.tick(self.site)),
				last=last,
			)
		return self.blocked(
			_("It is overdue for {late}. It last ran: {last}."),
			_("Put right what else stands here; then run it now."),
			repairs=[Repair("run-overdue-jobs", {"names": [self.kind.name]})],
			subjects=self.subjects,
			late=in_words(late),
			last=last,
		)

	@asks(_("Is it free of the remains of an earlier run?"))
	def not_blocked(self) -> Step:
		if self.kind is None:
			return self.skipped(_("It is no scheduled job."))
		stale = stale_jobs(self.site, _ids(self.site, self.kind))
		if not stale:
			return self.ok(_("Yes."))
		return self.blocked(
			_(
				"No: a job of its id is marked as {status}, and no worker is at it, so Frappe never queues it again."
			),
			_("Take the mark away; the scheduler queues it again by itself."),
			repairs=[Repair("unblock-scheduled-jobs", {"names": [self.kind.name]})],
			subjects=self.subjects,
			status=stale[0].status,
			job=stale[0].id,
		)

	@asks(_("Does a worker listen to its queue?"))
	def served(self) -> Step:
		queue = self.job.queue if self.job else ("long" if self.kind and self.kind.is_long else "default")
		if self.site.queue.suspended():
			return self.blocked(
				_("No: all workers of this Redis are suspended."),
				repairs=[Repair("resume-workers")],
				queue=queue,
			)
		found = muster(self.site)
		if found.serving(queue):
			return self.ok(
				_("Yes: {workers} workers listen to {queue}."), workers=found.serving(queue), queue=queue
			)
		if not found.alive:
			return self.by_checks("jobs.redis", "jobs.workers", ok=_("No worker was found alive just now."))
		repairs = [Repair("more-workers")]
		if queue not in STANDARD_QUEUES:
			repairs = [Repair("move-stranded-jobs", {"queue": queue}), *repairs]
		return self.blocked(
			_("No: no worker listens to the queue {queue}."),
			_("Start one for it, or move its jobs to a queue that is served."),
			repairs=repairs,
			queue=queue,
			served=sorted({name for worker in found.alive for name in worker.queues}),
		)

	@asks(_("Is a live worker at it, or its turn near?"))
	def at_work(self) -> Step:
		job = self.job
		if job is None:
			return self.skipped(_("It is not in the queue."))
		if job.status == "queued":
			return self._waits(job)
		if job.status != "started":
			return self.skipped(_("It is {status}."), status=job.status)
		begun = next((each for each in _started.begun_jobs(self.site) if each.job.id == job.id), None)
		if begun is not None and not begun.dead:
			self.healthy = _("This job runs: a worker is at it now.")
			age = self.site.now() - job.started_at if job.started_at else timedelta(0)
			return self.ok(_("A worker is at it, since {age}."), age=in_words(age), worker=job.worker)
		return self.blocked(
			_("No: it was begun, and its worker ended."),
			_("Release it: it is then counted as failed, and can be repeated."),
			repairs=[Repair("release-abandoned-jobs", {"names": [job.id]})],
			subjects=self.subjects,
			worker=job.worker,
			started=job.started_at,
		)

	def _waits(self, job: QueuedJob) -> Step:
		ids = self.site.queue.waiting_ids(job.queue)
		if job.id in self.site.queue.parked_ids(job.queue):
			return self.blocked(
				_("No: it is held back by the console."),
				_("Bring it back when what it was held back for is over."),
				repairs=[Repair("bring-jobs-back", {"queues": [job.queue]})],
				subjects=self.subjects,
			)
		before = ids.index(job.id) if job.id in ids else len(ids)
		age = self.site.now() - job.enqueued_at if job.enqueued_at else timedelta(0)
		if age <= PATIENCE:
			return self.ok(
				_("It has waited {age}; {before} are before it."), age=in_words(age), before=before
			)
		step = self.by_checks(
			"jobs.backlog",
			"jobs.overtime",
			"jobs.workers",
			ok=_("It waits its turn."),
			about=Subject("Queue", job.queue),
		)
		if step.verdict is not Verdict.OK:
			return step
		return self.ok(
			_("It waits its turn since {age}; {before} are before it."), age=in_words(age), before=before
		)

	@asks(_("Did its last run go well?"))
	def last_run(self) -> Step:
		if self.job is not None and self.job.status in ("failed", "stopped"):
			return self._failed(self.job)
		if self.kind is None:
			return self.ok(_("No failure of it is recorded."))
		t = table("Scheduled Job Log")
		since = self.site.ago(WINDOW)
		rows = self.site.db.run(
			self.site.db.from_(t)
			.select(t["name"], t.status, t.details, t.creation)
			.where((t.creation >= since) & (t.modified >= since))
			.where((t.scheduled_job_type == self.kind.name) & t.status.isin(["Complete", "Failed"]))
			.orderby(t.creation, order=Order.desc)
			.limit(1)
		)
		if not rows:
			return self.ok(
				_("No run is recorded in {days} days; not every job keeps a record."), days=WINDOW.days
			)
		if rows[0]["status"] != "Failed":
			return self.ok(_("Yes, at {when}."), when=self.when(rows[0]["creation"]))
		return self._error(str(rows[0]["details"] or ""), [("Scheduled Job Log", str(rows[0]["name"]))], [])

	def _failed(self, job: QueuedJob) -> Step:
		repairs = [Repair("repeat-named-jobs", {"names": [job.id]})]
		return self._error(job.exception, [], repairs)

	def _error(self, text: str, subjects: list[tuple[str, str]], repairs: list[Repair]) -> Step:
		known, answers = self.explained(text)
		lines = [line.strip() for line in text.splitlines() if line.strip()]
		last = redact_text(lines[-1][:300], personal=True) if lines else _("no error text is kept")
		return self.blocked(
			_("No: it ended in an error: {error}"),
			"{what_to_do}" if known else _("Put right what the error names, then repeat it."),
			repairs=[*answers, *repairs],
			subjects=[*self.subjects, *subjects],
			error=last,
			**known,
		)


def _type_of(site: Site, about: str) -> JobType | None:
	kinds = _types.job_types(site) if site.has_doctype(_types.DOCTYPE) else []
	return next((kind for kind in kinds if about in (kind.name, kind.method)), None)


def _ids(site: Site, kind: JobType) -> list[str]:
	"""Return the ids under which Frappe 15 and 16 queue a job type."""
	return [f"{site.name}::scheduled_job::{kind.method}", f"{site.name}||scheduled_job||{kind.name}"]


def _with_site(site: Site, about: str) -> list[str]:
	"""Return the ids that a name may stand for: Frappe 15 and 16 put the site before it."""
	return [about, f"{site.name}::{about}", f"{site.name}||{about.replace(':', '|')}"]
