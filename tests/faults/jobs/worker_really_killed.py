"""A real worker of RQ was killed a moment ago, before anything in Redis could tell."""

import subprocess
import sys
import time

from tests.faults import Fault
from tests.support.sample import SampleSite

WORKER = """
import sys, redis, rq
port, queue = sys.argv[1:]
connection = redis.Redis(port=int(port))
rq.SimpleWorker([rq.Queue(queue, connection=connection)], connection=connection, name="really-killed").work()
"""


def breaks(site: SampleSite) -> None:
	arguments = [str(site.bench.redis_queue.port), site.queue_key("default")]
	with subprocess.Popen(
		[sys.executable, "-c", WORKER, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
	) as process:
		ends = time.monotonic() + 30
		while site.queue.hget("rq:worker:really-killed", "state") != b"idle":
			assert process.poll() is None, "the worker ended by itself"
			assert time.monotonic() < ends, "the worker did not start"
			time.sleep(0.05)
		process.kill()


FAULT = Fault(
	title="A worker was killed a moment ago",
	breaks=breaks,
	check="jobs.workers",
	severity="warning",
	subjects=("really-killed",),
	runbook="forget-dead-workers",
)
