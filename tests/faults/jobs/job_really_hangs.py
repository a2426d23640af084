"""A real worker of RQ runs a job that does not come to its end."""

import subprocess
import sys
import time
from datetime import timedelta

import psutil

from tests.faults import Fault
from tests.support.rq_keys import stamp
from tests.support.sample import SampleSite

WORKER = """
import sys, redis, rq
port, queue, job_id, site = sys.argv[1:]
connection = redis.Redis(port=int(port))
queue = rq.Queue(queue, connection=connection)
kwargs = {"site": site, "user": "Administrator", "method": "custom_app.tasks.sync", "event": None,
	"job_name": "custom_app.tasks.sync", "is_async": True, "kwargs": {}}
queue.enqueue_call("tests.faults.jobs._work.hang", kwargs=kwargs, timeout=300, job_id=job_id)
rq.Worker([queue], connection=connection, name="really-hanging").work()
"""


def breaks(site: SampleSite) -> None:
	job_id = site.job_id("really-hangs")
	arguments = [str(site.bench.redis_queue.port), site.queue_key("hanging"), job_id, site.name]
	process = subprocess.Popen(
		[sys.executable, "-c", WORKER, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
	)
	site.bench.redis_queue.on_reset(lambda: _end(process))
	ends = time.monotonic() + 30
	while site.queue.hget(f"rq:job:{job_id}", "status") != b"started":
		assert process.poll() is None, "the worker ended by itself"
		assert time.monotonic() < ends, "the worker did not begin the job"
		time.sleep(0.05)
	long_ago = site.bench.now - timedelta(minutes=40)
	site.queue.hset(f"rq:job:{job_id}", "started_at", stamp(long_ago))


def _end(process: "subprocess.Popen[bytes]") -> None:
	for child in psutil.Process(process.pid).children(recursive=True):
		child.kill()
	process.kill()
	process.wait(20)


FAULT = Fault(
	title="A job hangs in a real worker",
	breaks=breaks,
	check="jobs.overtime",
	severity="warning",
	frappe=(16,),  # newer versions of RQ refuse the colons in the ids of Frappe 15
	runbook="stop-hanging-jobs",
	given={"names": "really-hangs"},
)
