"""The process that saves the queue was killed for lack of memory, and Redis refuses writes (MISCONF)."""

import time

import psutil

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.config_set("rdb-key-save-delay", 1_000_000)  # microseconds: time to kill it
	site.queue.config_set("save", "3600 1")
	site.queue.bgsave()
	server = site.bench.redis_queue.process
	assert server is not None
	for child in psutil.Process(server.pid).children():
		child.kill()
	site.queue.config_set("rdb-key-save-delay", 0)
	ends = time.monotonic() + 5
	while site.queue.info("persistence")["rdb_bgsave_in_progress"] and time.monotonic() < ends:
		time.sleep(0.02)


FAULT = Fault(
	title="The queue Redis could not save its data and refuses writes",
	breaks=breaks,
	check="jobs.redis_writable",
	severity="critical",
	subjects=("queue",),
	blinds=True,  # it then refuses even a ping
	runbook="redis-cannot-save",
	given={"server": "queue"},
)
