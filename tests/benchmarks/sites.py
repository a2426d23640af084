"""Private servers and one filled sample site per size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from tests.benchmarks import fill, jobs
from tests.benchmarks.rows import PEOPLE
from tests.support import fill as healthy
from tests.support.doctypes import load
from tests.support.sample import APPS, SampleBench
from tests.support.sample_site import SampleSite
from tests.support.services import MariaDB, Redis

#: What a server with such a site would be given; the tests' own are tiny.
SERVER = {
	"innodb-buffer-pool-size": "4G",
	"innodb-log-file-size": "512M",
	"key-buffer-size": "128M",
	"innodb-stats-auto-recalc": "1",
}
QUEUED, FAILED = 50_000, 1_000
NAME = "erp.example.org"
#: Beside the servers' folders: ports, and per size the moment for which its site was filled.
STATE = "filled.json"


@contextmanager
def filled(
	folder: Path, sizes: list[int], say: Callable[[str], None], people: int = PEOPLE
) -> Iterator[dict[int, SampleSite]]:
	"""Yield a filled site per size, all on one MariaDB, each on a bench of its own.

	A folder that an earlier run has filled is used again, each site at the moment for which it was filled.
	"""
	path = folder / STATE
	state = json.loads(path.read_text()) if path.is_file() else {"ports": {}, "filled": {}}
	with ExitStack() as stack:
		servers = {
			"cache": Redis(folder / "cache", maxmemory="1gb"),
			"queue": Redis(folder / "queue", maxmemory="4gb"),
			"mariadb": MariaDB(folder / "mariadb", config=SERVER),
		}
		for title, service in servers.items():
			service.port = state["ports"].get(title, 0)
			stack.enter_context(service)
		state["ports"] = {title: service.port for title, service in servers.items()}
		cache, queue, server = servers.values()
		sites: dict[int, SampleSite] = {}
		for size in sizes:
			home, key = folder / f"bench-{size}", f"{size} {people}"
			if key in state["filled"]:
				site = _again(home, cache, queue, server, datetime.fromisoformat(state["filled"][key]))
			else:
				say(f"filling a site with {size} rows per table")
				bench = SampleBench.create(home, redis_cache=cache, redis_queue=queue)
				site = bench.add_site(NAME, database=server, frappe=15)
				fill.fill(site.sql, site.now, size, people)
				state["filled"][key] = bench.now.isoformat()
				path.write_text(json.dumps(state))
			jobs.fill(site, max(10, QUEUED * people // PEOPLE), max(5, FAILED * people // PEOPLE))
			site.close()
			sites[size] = site
		yield sites


def _again(home: Path, cache: Redis, queue: Redis, server: MariaDB, now: datetime) -> SampleSite:
	"""Return a site that an earlier run has filled. Redis kept nothing, so its keys are written again."""
	bench = SampleBench(home, cache, queue, now)
	bench.frappe = 15
	site = SampleSite(bench, NAME, server, load(15, tuple(APPS)), None)
	bench.sites[NAME] = site
	healthy.fill_queue(bench)
	healthy.fill_cache(site)
	return site
