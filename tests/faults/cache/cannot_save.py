"""The cache Redis could not save its data and refuses writes."""

import time

import psutil

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.config_set("rdb-key-save-delay", 1_000_000)  # microseconds: time to kill it
	site.cache.config_set("save", "3600 1")
	site.cache.bgsave()
	server = site.bench.redis_cache.process
	assert server is not None
	for child in psutil.Process(server.pid).children():
		child.kill()
	site.cache.config_set("rdb-key-save-delay", 0)
	ends = time.monotonic() + 5
	while site.cache.info("persistence")["rdb_bgsave_in_progress"] and time.monotonic() < ends:
		time.sleep(0.02)


FAULT = Fault(
	title="The cache Redis could not save its data and refuses writes",
	breaks=breaks,
	check="cache.writable",
	severity="critical",
	subjects=("cache",),
	runbook="redis-cannot-save",
	given={"server": "cache"},
)
