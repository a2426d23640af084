"""Actions on jobs: what they refuse, what they leave alone, and that the real RQ goes on from what they leave."""

from __future__ import annotations

import os
import subprocess

import pytest

from recovery_console.core.errors import ConsoleError, UsageError
from tests.core.actions._trying import acts_done, planned
from tests.faults.jobs._keys import lose_from_queue, scheduled_job, worker_of
from tests.support.repairs import engine, start, to_the_end
from tests.support.sample import SampleSite
from tests.support_tests.test_rq import rq_readers

METHOD = "frappe.deferred_insert.save_to_db"
MONEY = "erpnext.accounts.doctype.payment_request.payment_request.make_payment_request"
#: A worker of the real RQ, in which Frappe's own functions only say that they ran.
WORKER = """
import sys, types, redis, rq
port, *queues = sys.argv[1:]
connection = redis.Redis(port=int(port))
for name in ("frappe", "frappe.utils", "frappe.utils.background_jobs"):
	sys.modules[name] = types.ModuleType(name)
jobs = sys.modules["frappe.utils.background_jobs"]
jobs.execute_job = lambda **arguments: connection.rpush("ran", arguments["kwargs"]["which"]) and None
jobs.truncate_failed_registry = lambda *arguments: None
rq.SimpleWorker([rq.Queue(name, connection=connection) for name in queues], connection=connection).work(burst=True)
"""


def run(site: SampleSite, runbook: str, **given: object) -> None:
	works = engine(site)
	to_the_end(works, start(works, runbook, given, site), site)


def work(site: SampleSite) -> list[bytes]:
	"""Let a real worker do all that waits; what it did."""
	python, folder = rq_readers()[site.frappe]
	queues = [site.queue_key(name) for name in ("default", "long")]
	done = subprocess.run(
		[python, "-c", WORKER, str(site.bench.redis_queue.port), *queues],
		capture_output=True,
		text=True,
		env={**os.environ, "PYTHONPATH": folder},
		check=False,
		timeout=60,
	)
	assert done.returncode == 0, done.stderr
	return [bytes(item) for item in site.queue.lrange("ran", 0, -1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("frappe", [15, 16])
def test_the_real_rq_runs_what_was_put_back(
	site: SampleSite, frappe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
	if frappe not in rq_readers():
		pytest.skip(f"NOT TESTED: no RQ of Frappe {frappe} found")
	monkeypatch.setattr(site, "frappe", frappe)
	site.add_job(method=METHOD, status="failed", job_id="failed", kwargs={"which": "failed"})
	site.add_job(
		method=METHOD,
		status="started",
		job_id="begun",
		kwargs={"which": "begun"},
		enqueued_at=site.minutes_ago(9),
		last_heartbeat=site.minutes_ago(8),
		worker="gone",
	)
	taken = site.add_job(
		method=MONEY, job_id="taken", kwargs={"which": "taken"}, enqueued_at=site.hours_ago(1)
	)
	lose_from_queue(site, "default", taken)
	site.queue.rpush(f"rq:queue:{site.queue_key('default')}:intermediate", taken)
	site.add_job("invoices", method=METHOD, job_id="stranded", kwargs={"which": "stranded"})
	site.add_job(method=METHOD, job_id="parked", kwargs={"which": "parked"})
	run(site, "hold-jobs-back", queues="default")
	run(site, "repeat-failed-jobs")
	run(site, "release-abandoned-jobs")
	run(site, "move-stranded-jobs")
	run(site, "bring-jobs-back")

	assert sorted(work(site)) == [b"begun", b"failed", b"parked", b"stranded", b"taken"]
	for name in ("begun", "failed", "parked", "stranded", "taken"):
		assert site.queue.hget(f"rq:job:{site.job_id(name)}", "status") == b"finished", name
	assert site.queue.keys("rq:recovery-parked:*") == []
	for registry in ("failed", "wip"):
		assert site.queue.zcard(f"rq:{registry}:{site.queue_key('default')}") == 0


@pytest.mark.parametrize("frappe", [15, 16])
def test_the_real_rq_reads_a_job_that_was_listed_as_failed(
	site: SampleSite, frappe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
	if frappe not in rq_readers():
		pytest.skip(f"NOT TESTED: no RQ of Frappe {frappe} found")
	monkeypatch.setattr(site, "frappe", frappe)
	site.add_job(
		method=MONEY, status="started", job_id="half", worker="gone", enqueued_at=site.minutes_ago(9)
	)
	run(site, "release-abandoned-jobs")
	python, folder = rq_readers()[frappe]
	reader = (
		"import sys, redis, rq; c = redis.Redis(port=int(sys.argv[1])); q = rq.Queue(sys.argv[2], connection=c);"
		"[i] = q.failed_job_registry.get_job_ids(); j = q.fetch_job(i); print(j.get_status(), bool(j.ended_at));"
		"q.failed_job_registry.requeue(j); print(q.fetch_job(i).get_status())"
	)
	said = subprocess.run(
		[python, "-c", reader, str(site.bench.redis_queue.port), site.queue_key("default")],
		capture_output=True,
		text=True,
		env={**os.environ, "PYTHONPATH": folder},
		check=False,
		timeout=60,
	)
	assert said.returncode == 0, said.stderr
	assert [line.replace("JobStatus.", "").lower() for line in said.stdout.split()] == [
		"failed",
		"true",
		"queued",
	]


@pytest.mark.parametrize(
	"name",
	[
		"other.example.org||x",
		"erp.example.org2||x",
		"other.example.org::x",
		"erp.example.org||not-there",
		"<script>alert(1)</script>",
		"' OR 1=1 --",
		"*",
	],
)
@pytest.mark.parametrize("action", ["requeue_safe", "requeue_named", "drop_failed", "drop_waiting", "stop"])
def test_ids_that_are_not_this_sites_are_refused(site: SampleSite, action: str, name: str) -> None:
	for other in ("other.example.org", "erp.example.org2"):
		for status in ("queued", "failed", "started"):
			site.add_job(status=status, job_id="x", site=other, worker=worker_of(site, "default"))
	with pytest.raises(UsageError):
		planned(site, f"jobs.{action}", names=[name])


def test_a_list_of_ten_thousand_ids_is_answered_at_once(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="and 9995 more"):
		planned(site, "jobs.drop_failed", names=[f"{site.name}||{number}" for number in range(10_000)])


def test_money_and_mail_and_the_unknown_are_never_repeated_unasked(site: SampleSite) -> None:
	deadlock = "frappe.exceptions.QueryDeadlockError: (1213, 'Deadlock found')"
	for method in (MONEY, "frappe.sendmail"):
		site.add_job(method=method, status="failed", exc=deadlock)
	site.add_job(method="custom_app.tasks.sync", status="failed", exc="ValueError: no")
	site.add_job(method=METHOD, status="stopped", exc="")
	plan = planned(site, "jobs.requeue_safe")
	assert plan.count == 0
	assert len(plan.left_out) == 4


def test_a_job_whose_record_is_about_to_expire_is_left_out(site: SampleSite) -> None:
	soon = site.add_job(method=METHOD, status="failed")
	site.queue.expire(f"rq:job:{soon}", 60)
	gone = site.add_job(method=METHOD, status="failed")
	site.queue.delete(f"rq:job:{gone}")
	plan = planned(site, "jobs.requeue_named", names=[soon, gone])
	assert (plan.count, len(plan.left_out)) == (0, 2)


def test_waiting_jobs_are_not_dropped_without_saying_which(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="which jobs"):
		planned(site, "jobs.drop_waiting")


def test_a_site_is_purged_and_its_namesake_is_not(site: SampleSite) -> None:
	for number in range(3):
		site.add_job(job_id=f"mine{number}")
		site.add_job(job_id=f"theirs{number}", site="erp.example.org2")
	plan = planned(site, "jobs.purge_site")
	assert plan.count == 3
	assert plan.evidence["of_other_sites"] == 3


def test_only_so_many_are_planned(site: SampleSite) -> None:
	for _number in range(5):
		site.add_job(method=METHOD)
	plan = planned(site, "jobs.drop_waiting", method=METHOD, most=2)
	assert plan.count == 2
	assert "5 in all" in plan.warnings[-1]
	with pytest.raises(UsageError):
		planned(site, "jobs.drop_waiting", method=METHOD, most=100_000)


def test_a_scheduled_job_is_not_held_back(site: SampleSite) -> None:
	site.add_job(job_id=scheduled_job(site, METHOD))
	plan = planned(site, "jobs.park")
	assert plan.count == 0
	assert len(plan.left_out) == 1


def test_workers_of_another_bench_are_not_suspended_unasked(site: SampleSite) -> None:
	assert planned(site, "jobs.suspend").count == 1
	site.queue.sadd("rq:workers", "rq:worker:far")
	site.queue.hset(
		"rq:worker:far", mapping={"birth": "2026-11-22T00:00:00.000000Z", "queues": "other-bench:default"}
	)
	with pytest.raises(UsageError, match="other-bench"):
		planned(site, "jobs.suspend")
	assert planned(site, "jobs.suspend", all_benches=True).count == 1


def test_suspending_is_seen_and_taken_back(site: SampleSite) -> None:
	works = engine(site)
	ended = to_the_end(works, start(works, "let-workers-rest", {}, site), site)
	assert site.queue.exists("rq:suspended")
	from tests.support.repairs import APPROVER

	works.undo(ended.id, APPROVER)
	to_the_end(works, works.journal.load(ended.id), site)
	assert not site.queue.exists("rq:suspended")


def test_a_job_whose_worker_does_not_listen_is_not_called_stopped(site: SampleSite) -> None:
	job = site.add_job(
		"long", status="started", worker=worker_of(site, "long"), enqueued_at=site.hours_ago(1)
	)
	with pytest.raises(ConsoleError, match="does not listen"):
		acts_done(site, "jobs.stop", names=[job])
	assert site.queue.hget(f"rq:job:{job}", "status") == b"started"


def test_a_worker_of_two_benches_is_not_forgotten(site: SampleSite) -> None:
	name = site.add_worker(queues=["default"], heartbeat_age=900, name="shared")
	site.queue.hset(f"rq:worker:{name}", "queues", f"{site.queue_key('default')},other-bench:default")
	plan = planned(site, "jobs.forget_workers")
	assert plan.count == 0
	assert plan.left_out[0].subject.name == "shared"


def test_the_limit_of_failed_jobs_only_rises(site: SampleSite) -> None:
	with pytest.raises(UsageError):
		planned(site, "jobs.raise_failed_limit", limit=500)
	with pytest.raises(UsageError):
		planned(site, "jobs.raise_failed_limit", limit=10**6)


def test_jobs_are_not_moved_to_a_queue_that_nobody_serves(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="No worker serves"):
		planned(site, "jobs.move_stranded", queue="invoices")
