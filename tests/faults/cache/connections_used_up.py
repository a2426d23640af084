"""A program opens connections to the cache and never closes them."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = site.bench.redis_cache
	limit = 200
	site.cache.config_set("maxclients", limit)
	held = [
		server.client()
		for _number in range(int(limit * 0.85) - int(site.cache.info("clients")["connected_clients"]))
	]
	for client in held:
		client.ping()

	def close() -> None:
		for client in held:
			client.close()
		site.cache.config_set("maxclients", 10_000)

	server.on_reset(close)


FAULT = Fault(
	title="A program opens connections to the cache and never closes them",
	breaks=breaks,
	check="cache.clients",
	severity="warning",
	subjects=("cache",),
)
