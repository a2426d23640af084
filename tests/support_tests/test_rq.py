"""The real RQ of either Frappe version reads the jobs and workers that the sample writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.support import rq_keys
from tests.support.doctypes import Frappe, load
from tests.support.sample import SampleBench, SampleSite, SqliteTarget
from tests.support.services import Redis
from tests.support_tests.benches import interpreters

READER = Path(__file__).with_name("read_with_rq.py")
TRACE = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\nValueError: ünexpected'


@lru_cache
def rq_readers() -> dict[int, tuple[str, str]]:
	"""Frappe version → interpreter and PYTHONPATH with an RQ of its generation.

	Looks at this interpreter, at the benches', and at the folders in SUPPORT_RQ (made by `pip install --target`).
	"""
	extra = os.environ.get("SUPPORT_RQ", "")
	candidates = [(sys.executable, folder) for folder in ["", *extra.split(os.pathsep)]]
	found: dict[int, tuple[str, str]] = {}
	for python, folder in [*candidates, *((str(path), "") for path in interpreters())]:
		command = [python, "-c", "import importlib.metadata as m; print(m.version('rq'))"]
		answer = subprocess.run(
			command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": folder}, check=False
		)
		if answer.returncode == 0:
			found[15 if answer.stdout.startswith("1.") else 16] = (python, folder)
	return found


@pytest.fixture(params=[15, 16])
def frappe(request: pytest.FixtureRequest) -> Frappe:
	version: Frappe = request.param
	if version not in rq_readers():
		pytest.skip(f"NOT TESTED: no RQ of Frappe {version} ({rq_keys.RQ_VERSION[version]}) found")
	return version


@pytest.fixture
def site(frappe: Frappe, tmp_path: Path, redis_pair: tuple[Redis, Redis]) -> Iterator[SampleSite]:
	"""A site whose database does not matter; only its keys in Redis do."""
	cache, queue = redis_pair
	bench = SampleBench.create(tmp_path / "bench", redis_cache=cache, redis_queue=queue)
	site = bench.add_site("erp.example.org", database=SqliteTarget(), frappe=16, apps=("frappe",))
	bench.frappe = site.frappe = frappe
	site.queue.flushall()
	yield site
	site.queue.flushall()


def read(site: SampleSite, queue: str = "default") -> dict[str, Any]:
	python, folder = rq_readers()[site.frappe]
	answer = subprocess.run(
		[python, str(READER), site.bench.redis_queue.url, site.queue_key(queue)],
		capture_output=True,
		text=True,
		env={**os.environ, "PYTHONPATH": folder},
		check=False,
	)
	assert answer.returncode == 0, answer.stderr
	facts: dict[str, Any] = json.loads(answer.stdout)
	return facts


def test_rq_reads_jobs_of_every_status(site: SampleSite) -> None:
	queued = site.add_job(method="frappe.email.queue.flush", job_id="x::y", kwargs={"a": "b" * 90})
	started = site.add_job(status="started", worker="w1")
	failed = site.add_job(status="failed", exc=TRACE)
	finished = site.add_job(status="finished")

	facts = read(site)

	assert facts["lists"] == {
		"queued": [queued],
		"started": [started],
		"failed": [failed],
		"finished": [finished],
	}
	jobs = facts["jobs"]
	assert {job: jobs[job]["status"] for job in jobs} == {
		queued: "queued",
		started: "started",
		failed: "failed",
		finished: "finished",
	}
	assert jobs[failed]["exc"] == TRACE
	assert (jobs[failed]["result_type"], jobs[finished]["result_type"]) == ("FAILED", "SUCCESSFUL")
	assert all(job["description"] == job["own_description"] for job in jobs.values())
	assert jobs[queued]["kwargs"]["site"] == site.name
	assert jobs[queued]["kwargs"]["method"] == "frappe.email.queue.flush"
	assert facts["queues"] == [site.queue_key("default")]


def test_rq_reads_workers(site: SampleSite) -> None:
	job = site.add_job(status="started")
	busy = site.add_worker(queues=["default"], state="busy", current_job=job)
	site.add_worker()

	workers = {worker["name"]: worker for worker in read(site)["workers"]}

	assert len(workers) == 2
	assert workers[busy]["job"] == job
	assert workers[busy]["queues"] == [site.queue_key("default")]
	assert {worker["version"] for worker in workers.values()} == {rq_keys.RQ_VERSION[site.frappe]}


def test_job_ids_follow_the_version(site: SampleSite) -> None:
	expected = {15: "erp.example.org::a::b", 16: "erp.example.org||a||b"}
	assert site.job_id("a::b") == expected[site.frappe]


def test_schema_loads_for_both_versions() -> None:
	columns = {
		version: set(load(version, ("frappe",)).doctypes["Email Queue"].fields) for version in (15, 16)
	}
	assert "unsubscribe_param" in columns[15] - columns[16]
	assert "unsubscribe_params" in columns[16] - columns[15]
