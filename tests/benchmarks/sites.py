"""Private servers and one filled sample site per size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks import fill, jobs
from tests.support.sample import SampleBench, SampleSite
from tests.support.services import MariaDB, Redis

#: What a server with such a site would be given; the tests' own are tiny.
SERVER = {
	"innodb-buffer-pool-size": "2G",
	"innodb-log-file-size": "512M",
	"key-buffer-size": "128M",
	"innodb-stats-auto-recalc": "1",
}
QUEUED, FAILED = 50_000, 1_000


@contextmanager
def filled(
	folder: Path, sizes: list[int], say: Callable[[str], None], people: int = fill.PEOPLE
) -> Iterator[dict[int, SampleSite]]:
	"""Yield a filled site per size, all on one MariaDB, each on a bench of its own."""
	with ExitStack() as stack:
		cache = stack.enter_context(Redis(folder / "cache", maxmemory="1gb"))
		queue = stack.enter_context(Redis(folder / "queue", maxmemory="4gb"))
		server = stack.enter_context(MariaDB(folder / "mariadb", config=SERVER))
		sites: dict[int, SampleSite] = {}
		for size in sizes:
			say(f"filling a site with {size} rows per table")
			bench = SampleBench.create(folder / f"bench-{size}", redis_cache=cache, redis_queue=queue)
			site = bench.add_site("erp.example.org", database=server, frappe=15)
			fill.fill(site.sql, site.now, size, people)
			jobs.fill(site, max(10, QUEUED * people // fill.PEOPLE), max(5, FAILED * people // fill.PEOPLE))
			site.close()
			sites[size] = site
		yield sites
