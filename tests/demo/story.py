"""What goes wrong in the demonstration, act by act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis import Redis as Client
from rq import Queue
from rq.job import Job

from tests.demo import processes
from tests.demo.jobs import METHODS, execute_job
from tests.faults import all_faults
from tests.support.sample import SampleBench, SampleSite
from tests.support.services import Redis, SmtpServer

IMPORT = "Customer Import on 2026-11-01"
HANGING = "erpnext.manufacturing.doctype.bom_update_log.bom_update_log.run_replace_bom_job"
QUEUES = ("short", "default", "long")

#: Faults of the catalogue that the demonstration shows beside those that its processes cause.
CATALOGUE = (
	"email.domain_refuses",
	"imports.file_gone_from_disk",
	"portal.disabled_user_tries",
	"portal.contact_without_customer",
	"portal.portal_row_missing",
	"portal.update_brought_permissions",
	"sepa.iban_digit_mistyped",
	"sepa.mandate_lapsed",
	"sepa.batch_on_christmas_day",
	"sepa.invoice_in_two_batches",
	"sepa.returns_with_reasons",
	"sepa.creditor_id_mistyped",
)


@dataclass
class Stage:
	"""The sample site and the servers around it."""

	bench: SampleBench
	site: SampleSite
	queue: Redis
	smtp: SmtpServer

	@property
	def database(self) -> str:
		return str(self.site.path / "db" / f"{self.site.db_name}.db")

	@property
	def client(self) -> Client:
		return self.queue.client()


@dataclass(frozen=True)
class Act:
	"""One thing that goes wrong."""

	title: str
	play: Callable[[Stage], None]


def enqueue(stage: Stage, method: str, queue: str = "default", **kwargs: object) -> Job:
	"""Enqueue a job with the arguments that Frappe gives it."""
	site = stage.site
	rq_queue = Queue(site.queue_key(queue), connection=stage.client)
	arguments = {
		"site": site.name,
		"user": "Administrator",
		"method": method,
		"event": None,
		"job_name": method,
		"is_async": True,
		"kwargs": kwargs,
	}
	job_id = site.job_id(
		f"{method.rpartition('.')[2]}-{len(rq_queue.finished_job_registry)}-{len(METHODS)}-{rq_queue.count}"
	)
	return rq_queue.enqueue_call(
		execute_job, kwargs=arguments, job_id=job_id, timeout=300, failure_ttl=604800
	)


def jobs_fail(stage: Stage) -> None:
	lock = str(stage.bench.folder / "lock.db")
	jobs = [
		enqueue(stage, method, path=lock) if "repost" in method else enqueue(stage, method)
		for method in METHODS
		if method != HANGING
	]
	processes.wait_until(
		lambda: all(job.get_status() == "failed" for job in jobs), "the worker has failed every job"
	)


def worker_is_killed(stage: Stage) -> None:
	job = enqueue(stage, HANGING, "long")
	processes.wait_until(lambda: job.get_status() == "started", "the worker has started the job")
	processes.kill(WORKERS.pop())
	for _number in range(3):
		enqueue(stage, "frappe.integrations.doctype.webhook.webhook.enqueue_webhook", "short")


def mail_is_refused(stage: Stage) -> None:
	stage.smtp.behaviour = "refuse login"
	for number in range(4):
		_send(stage, f"refused-{number}", login="notifications@example.org").wait()


def recipients_are_refused(stage: Stage) -> None:
	stage.smtp.behaviour = "refuse recipient"
	for number in range(3):
		_send(stage, f"unknown-{number}").wait()


def sender_is_killed(stage: Stage) -> None:
	stage.smtp.behaviour = "silent"
	for number in range(2):
		mailer = _send(stage, f"torn-{number}")
		processes.wait_for_line(mailer, "sending")
		processes.kill(mailer)


def _send(stage: Stage, name: str, login: str = "") -> processes.subprocess.Popen[str]:
	site = stage.site
	queued = site.insert(
		"Email Queue", name=name, status="Not Sent", sender="notifications@example.org", message="x"
	)
	site.insert(
		"Email Queue Recipient", parent=queued, recipient=f"{name}@customer.example.com", status="Not Sent"
	)
	return processes.start(
		"tests.demo.mailer", stage.database, queued, stage.smtp.host, str(stage.smtp.port), login
	)


def import_is_killed(stage: Stage) -> None:
	stage.site.insert(
		"Data Import",
		name=IMPORT,
		reference_doctype="Customer",
		import_type="Insert New Records",
		status="Pending",
		payload_count=0,
	)
	importer = processes.start(
		"tests.demo.importer", stage.database, IMPORT, "40", "18", stage.site.now.isoformat()
	)
	processes.wait_for_line(importer, "half-way")
	processes.kill(importer)


WORKERS: list[processes.subprocess.Popen[str]] = []


def open_for_business(stage: Stage) -> None:
	"""Replace the registered workers of the sample by one that really runs."""
	stage.client.delete("rq:workers", *stage.client.smembers("rq:workers"))
	names = [stage.site.queue_key(queue) for queue in QUEUES]
	WORKERS.append(processes.start("tests.demo.worker", stage.queue.url, *names))
	processes.wait_until(lambda: stage.client.scard("rq:workers"), "a worker has registered")


REAL = (
	Act("Four kinds of job fail in a real RQ worker", jobs_fail),
	Act("The worker is killed (kill -9) in the middle of a job; jobs keep coming", worker_is_killed),
	Act("A real SMTP server refuses the log-in of four mails", mail_is_refused),
	Act("The SMTP server refuses three recipients", recipients_are_refused),
	Act("The process that sends two mails is killed in the middle", sender_is_killed),
	Act("The process that imports 40 customers is killed after 18 rows", import_is_killed),
)


def acts() -> Iterator[Act]:
	"""All of it, in order."""
	yield from REAL
	for fault_id in CATALOGUE:
		fault = all_faults()[fault_id]
		yield Act(fault.title, lambda stage, fault=fault: fault.breaks(stage.site))  # type: ignore[misc]


def close_down() -> None:
	"""End the workers that still run."""
	while WORKERS:
		processes.kill(WORKERS.pop())
