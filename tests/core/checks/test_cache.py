"""The cache family where no fault reaches: servers that are down."""

from __future__ import annotations

from recovery_console.core.finding import Status
from recovery_console.core.registry import all_checks
from tests.conftest import look_at
from tests.support.sample import SampleSite

CACHE = [check_id for check_id in all_checks() if check_id.startswith("cache.")]


def test_without_its_redis_nothing_is_ok(site: SampleSite) -> None:
	site.bench.redis_cache.kill()
	statuses = {result.check.id: result.status for result in look_at(site, *CACHE).results}
	assert statuses.pop("cache.reachable") is Status.CRITICAL
	assert statuses.pop("cache.queue_evicted") is Status.OK  # asks the other server
	assert set(statuses.values()) == {Status.UNKNOWN}


def test_a_cache_that_may_forget_and_has_a_limit_is_well(site: SampleSite) -> None:
	site.cache.config_set("maxmemory", 500_000_000)
	site.cache.config_set("maxmemory-policy", "allkeys-lru")
	assert not look_at(site, "cache.memory", "cache.evictions", "cache.reachable").findings


def test_where_both_are_one_server_it_is_named_once(site: SampleSite) -> None:
	site.bench.set_common_config(redis_queue=site.bench.redis_cache.url)
	result = look_at(site, "cache.clients").results[0]
	assert set(result.measurements) == {"cache_clients"}
