"""Boundaries of the checks on jobs, whose jobs they count, and how they read what RQ wrote."""

from __future__ import annotations

import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from recovery_console.core.backends.queues import Queues
from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.checks.jobs._errors import read_death
from recovery_console.core.checks.jobs._safety import RULES, Safety, classify, was_in_the_way
from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.faults.jobs._keys import lose_from_queue, scheduled_job, worker_of
from tests.support import rq_keys
from tests.support.sample import SampleSite
from tests.support.services import Redis
from tests.support_tests.benches import benches


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def statuses(report: Report) -> dict[str, Status]:
	return {result.check.id: result.status for result in report.results}


def test_without_redis_only_the_check_of_redis_knows_anything(site: SampleSite) -> None:
	site.bench.redis_queue.kill()
	report = look_at(site, families=("jobs",))
	site.bench.restore()
	found = statuses(report)
	assert found.pop("jobs.redis") is Status.CRITICAL
	assert set(found.values()) == {Status.UNKNOWN}


def test_without_the_database_the_queues_are_still_looked_at(site: SampleSite) -> None:
	site.set_config(db_name="gone")
	site.add_job("default", method="custom_app.tasks.sync", status="failed")
	found = statuses(look_at(site, families=("jobs",)))
	assert found["jobs.blocked"] is Status.UNKNOWN
	assert found["jobs.failed"] is Status.WARNING
	assert found["jobs.workers"] is Status.OK


def test_redis_that_loads_its_data_is_down_and_says_so(site: SampleSite, tmp_path: Path) -> None:
	slow = {
		"key-load-delay": "5000",
		"loading-process-events-interval-bytes": "1024",
		"dbfilename": "dump.rdb",
	}
	with Redis(tmp_path / "redis", config=slow) as server:
		client = server.client()
		client.mset({f"key{number}": "x" * 100 for number in range(2000)})
		client.save()
		server.kill()
		process = subprocess.Popen(server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		try:
			wait_until_loading(server.port)
			site.bench.set_common_config(redis_queue=server.url)
			(finding,) = said(look_at(site, "jobs.redis"))
		finally:
			process.kill()
			process.wait()
	assert finding.evidence["kind"] == "loading"


def wait_until_loading(port: int) -> None:
	client = redis.Redis(port=port, retry=Retry(NoBackoff(), 0))
	ends = time.monotonic() + 10
	while time.monotonic() < ends:
		try:
			client.ping()
		except redis.exceptions.BusyLoadingError:
			return
		except redis.exceptions.ConnectionError:
			time.sleep(0.01)
	raise AssertionError("Redis was never seen loading")


def test_a_user_of_redis_who_may_not_ask_for_settings_still_gets_an_answer(site: SampleSite) -> None:
	"""Frappe's own Redis users may neither read CONFIG nor list connections."""
	site.queue.execute_command("ACL", "SETUSER", "bench", "on", ">pwd", "~rq:*", "&*", "+@all", "-@admin")
	try:
		site.set_config(use_rq_auth=1, rq_username="bench", rq_password="pwd")
		site.add_worker(queues=["default"], heartbeat_age=600, name="killed-worker")
		found = statuses(look_at(site, families=("jobs",)))
	finally:
		site.queue.execute_command("ACL", "DELUSER", "bench")
	assert found.pop("jobs.workers") is Status.WARNING
	assert set(found.values()) == {Status.OK}


@pytest.mark.parametrize(
	("state", "age", "silent"), [("idle", 435, 0), ("idle", 436, 1), ("busy", 90, 0), ("busy", 91, 1)]
)
def test_a_worker_may_be_silent_as_long_as_rq_lets_it(
	site: SampleSite, state: str, age: float, silent: int
) -> None:
	site.add_worker(queues=["default"], state=state, heartbeat_age=age)
	assert len(said(look_at(site, "jobs.workers"))) == silent


@pytest.mark.parametrize(("jobs", "minutes", "found"), [(50, 30, 0), (51, 1, 1), (1, 30.1, 1)])
def test_a_queue_is_long_beyond_fifty_jobs_or_half_an_hour(
	site: SampleSite, jobs: int, minutes: float, found: int
) -> None:
	for _number in range(jobs):
		site.add_job("default", enqueued_at=site.minutes_ago(minutes))
	assert len(said(look_at(site, "jobs.backlog"))) == found


def test_the_long_queue_may_wait_for_two_of_its_jobs(site: SampleSite) -> None:
	site.add_job("long", enqueued_at=site.minutes_ago(49))
	assert said(look_at(site, "jobs.backlog")) == []


def test_a_backlog_says_whose_jobs_they_are(samples: Samples) -> None:
	for frappe in (15, 16):
		site = samples.site("mariadb", frappe)
		for number in range(60):
			site.add_job("default", site=(None, f"{site.name}2", "other.example.org")[number % 3])
		(finding,) = said(look_at(site, "jobs.backlog"))
		assert (finding.evidence["of_this_site"], finding.evidence["of_others"]) == (20, 40)


def test_jobs_of_other_sites_and_benches_are_not_ours(site: SampleSite) -> None:
	other = f"{site.name}2"
	site.add_job("default", site=other, status="failed")
	site.add_job("default", site=other, status="started", last_heartbeat=site.hours_ago(1), worker="gone")
	site.add_job("default", site=other, status="started", enqueued_at=site.hours_ago(3), worker="gone")
	for key in ("home-frappe-second:default", "home-frappe-second:invoices"):
		site.queue.sadd("rq:queues", f"rq:queue:{key}")
		site.queue.rpush(f"rq:queue:{key}", *[site.job_id(f"{key}{number}") for number in range(200)])
		site.queue.zadd(f"rq:failed:{key}", {site.job_id("theirs"): site.bench.now.timestamp()})
		site.queue.sadd(f"rq:workers:{key}", "rq:worker:theirs")
		site.queue.hset("rq:worker:theirs", mapping={"birth": "2026-01-01T00:00:00Z", "queues": key})
	assert said(look_at(site, families=("jobs",))) == []


def test_a_job_that_a_user_stopped_did_not_fail(site: SampleSite) -> None:
	site.add_job("default", status="stopped", exc="Job stopped by user, work-horse terminated.")
	assert said(look_at(site, "jobs.failed")) == []


@pytest.mark.parametrize(
	("method", "hours", "severity"),
	[
		("frappe.sendmail", 24, "critical"),
		("frappe.sendmail", 25, "warning"),
		("frappe.ping", 24, "warning"),
		("frappe.ping", 25, "info"),
		("custom_app.unknown", 100, "warning"),
	],
)
def test_old_failures_weigh_less(site: SampleSite, method: str, hours: float, severity: str) -> None:
	site.add_job("default", method=method, status="failed", ended_at=site.hours_ago(hours))
	(finding,) = said(look_at(site, "jobs.failed"))
	assert finding.severity.value == severity


def test_a_deadlocked_job_may_be_repeated_freely_and_is_a_known_error(site: SampleSite) -> None:
	error = "  File \"x.py\", line 1\nfrappe.exceptions.QueryDeadlockError: (1213, 'Deadlock found when trying to get lock; try')"
	site.add_job("default", method="custom_app.tasks.sync", status="failed", exc=error)
	(finding,) = said(look_at(site, "jobs.failed"))
	assert finding.fingerprint == "jobs.failed:custom_app.tasks.sync:QueryDeadlockError 1213"
	assert finding.evidence["repeatable"] is True
	assert finding.evidence["known_error"]


@pytest.mark.parametrize(("failed", "found"), [(15, 0), (16, 1)])
def test_the_list_of_failed_jobs_fills_at_four_fifths(site: SampleSite, failed: int, found: int) -> None:
	site.bench.set_common_config(rq_failed_jobs_limit=20)
	for _number in range(failed):
		site.add_job("default", site="other.example.org", status="failed")
	assert len(said(look_at(site, "jobs.failed_registry"))) == found


@pytest.mark.parametrize(("seconds", "found"), [(360, 0), (361, 1)])
def test_a_job_may_run_a_minute_longer_than_its_limit(site: SampleSite, seconds: int, found: int) -> None:
	started = site.now - timedelta(seconds=seconds)
	site.add_job(
		"default", status="started", timeout=300, started_at=started, worker=worker_of(site, "default")
	)
	assert len(said(look_at(site, "jobs.overtime"))) == found


@pytest.mark.parametrize(("seconds", "found"), [(60, 0), (61, 1)])
def test_a_heartbeat_may_be_a_minute_late(site: SampleSite, seconds: int, found: int) -> None:
	due = site.bench.now.timestamp() - seconds
	site.add_job("default", status="started", score=due, worker=worker_of(site, "default"))
	assert len(said(look_at(site, "jobs.abandoned"))) == found


def test_a_scheduled_job_that_waits_or_runs_is_not_blocked(site: SampleSite) -> None:
	site.add_job(
		"default", job_id=scheduled_job(site, "frappe.monitor.flush"), enqueued_at=site.minutes_ago(3)
	)
	site.add_job(
		"default",
		job_id=scheduled_job(site, "frappe.email.queue.flush"),
		status="started",
		enqueued_at=site.minutes_ago(3),
		worker=worker_of(site, "default"),
	)
	just_taken = site.add_job("default", job_id=scheduled_job(site, "frappe.deferred_insert.save_to_db"))
	lose_from_queue(site, "default", just_taken)
	site.queue.hset(f"rq:job:{just_taken}", "enqueued_at", rq_keys.stamp(site.bench.now))
	assert said(look_at(site, "jobs.blocked")) == []


LONG = "erpnext.accounts.doctype.process_statement_of_accounts.process_statement_of_accounts.send_emails"


@pytest.mark.parametrize(
	("method", "kwargs", "read"),
	[
		("custom_app.tasks.sync", {}, "custom_app.tasks.sync"),
		("custom_app.tasks.sync", {"method": "evil", "site": "evil"}, "custom_app.tasks.sync"),
		("custom_app.tasks.sync", {"text": ", method='evil', site='x'" * 9}, "custom_app.tasks.sync"),
		(LONG, {"document_name": "Monthly"}, f"{LONG[:74]}..."),
	],
)
def test_a_method_is_read_from_a_description_that_rq_cut_short(
	site: SampleSite, method: str, kwargs: dict[str, str], read: str
) -> None:
	job = look_up(site, site.add_job("default", method=method, kwargs=kwargs))
	assert (job.method, job.site) == (read, site.name)


def look_up(site: SampleSite, job_id: str) -> Job:
	queues = Queues(RedisSource("queue", site.bench.redis_queue.url), site.bench_id, {})
	return queues.jobs([job_id], with_exception=True)[0]


def test_a_function_that_was_queued_itself_has_its_full_name_in_frappe_16(site: SampleSite) -> None:
	job_id = site.add_job("default", method="frappe.core.doctype.data_import.data_import.start_import")
	text = site.queue.hget(f"rq:job:{job_id}", "description").decode()
	head, _method, tail = text.rpartition("method='frappe.core.doctype.data_import.data_import.start_import'")
	site.queue.hset(f"rq:job:{job_id}", "description", f"{head}method=<function start_import at 0x7f0>{tail}")
	assert look_up(site, job_id).method == "frappe.core.doctype.data_import.data_import.start_import"


def test_a_scheduled_job_is_named_after_what_it_runs(samples: Samples) -> None:
	for frappe in (15, 16):
		site = samples.site("mariadb", frappe)
		job_id = site.add_job(
			"default",
			method="frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job",
			job_id=scheduled_job(site, "frappe.email.queue.flush"),
			kwargs={"job_type": "frappe.email.queue.flush", "scheduled_job_type": "abc"},
		)
		assert look_up(site, job_id).does == "frappe.email.queue.flush"


def test_of_a_very_long_exception_the_end_is_kept(site: SampleSite) -> None:
	job_id = site.add_job("default", status="failed", exc="x" * 1_000_000 + "\nValueError: the end")
	assert look_up(site, job_id).exception.endswith("ValueError: the end")


@pytest.mark.parametrize(
	("text", "error", "message"),
	[
		("", "no error text", ""),
		("ValueError", "ValueError", ""),
		(
			'  File "a.py", line 1, in f\n    x\nfrappe.exceptions.ValidationError: a\nKey: b',
			"ValidationError",
			"a\nKey: b",
		),
		("pymysql.err.OperationalError: (2006, 'gone')", "OperationalError 2006", "(2006, 'gone')"),
		("Work-horse terminated unexpectedly; waitpid returned 9 (signal 9); ", "worker killed", None),
		("Moved to FailedJobRegistry, due to AbandonedJobError, at 2026-11-22", "worker lost", None),
		("something: odd / happened", "unreadable error", None),
	],
)
def test_what_a_job_died_of(text: str, error: str, message: str | None) -> None:
	death = read_death(text)
	assert death.error == error
	assert message is None or death.message == message


@pytest.mark.parametrize(
	("method", "safety"),
	[
		("frappe.email.queue.flush", Safety.IDEMPOTENT),
		("frappe.email.queue.flush_other", Safety.IDEMPOTENT),
		("frappe.sendmail", Safety.MAIL),
		("sendmail", Safety.MAIL),
		("start_import", Safety.IDEMPOTENT),
		("nobody_knows", Safety.UNKNOWN),
		(f"{LONG[:74]}...", Safety.MAIL),
		("erpnext.accounts.utils.auto_create_exchange_rate_revaluation_daily", Safety.MONEY),
		("verenigingen.verenigingen.doctype.direct_debit_batch.sepa_processor.create", Safety.MONEY),
		("bankingx.tasks.sync", Safety.UNKNOWN),
		("custom_app.tasks.sync", Safety.UNKNOWN),
	],
)
def test_the_safety_of_a_method(method: str, safety: Safety) -> None:
	assert classify(method).safety is safety
	assert classify(method).reason


@pytest.mark.parametrize(
	("text", "freely"),
	[
		("frappe.exceptions.QueryTimeoutError: (1205, 'Lock wait timeout exceeded')", True),
		("psycopg2.errors.DeadlockDetected: deadlock detected", True),
		("sqlite3.OperationalError: database is locked", True),
		("ValueError: 1213", False),
	],
)
def test_who_only_stood_in_the_way(text: str, freely: bool) -> None:
	assert was_in_the_way(text) is freely


@pytest.mark.skipif(not benches(), reason="there is no bench on this machine")
@pytest.mark.parametrize("line", sorted(line for line in RULES if line.startswith(("frappe.", "erpnext."))))
def test_the_safety_table_names_what_exists(line: str) -> None:
	"""A table of names rots; a real bench of either version must know each."""
	apps = [
		sites.parent / "apps" for sites in benches() if (sites.parent / "apps" / line.split(".")[0]).is_dir()
	]
	if not apps:
		pytest.skip("no bench here has this app")
	assert any(exists(folder, line) for folder in apps), f"{line} is in no bench"


def exists(apps: Path, line: str) -> bool:
	parts = line.split(".")
	base = apps.joinpath(parts[0], *parts)
	if base.is_dir() or base.with_suffix(".py").exists():
		return True
	for module in (base.parent.with_suffix(".py"), base.parent / "__init__.py"):
		if module.exists() and f"def {parts[-1]}" in module.read_text():
			return True
	return False
