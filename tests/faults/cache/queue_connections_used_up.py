"""Workers hold nearly all connections of the queue Redis."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = site.bench.redis_queue
	limit = 200
	site.queue.config_set("maxclients", limit)
	held = [
		server.client()
		for _number in range(int(limit * 0.96) - int(site.queue.info("clients")["connected_clients"]))
	]
	for client in held:
		client.ping()

	def close() -> None:
		for client in held:
			client.close()
		site.queue.config_set("maxclients", 10_000)

	server.on_reset(close)


FAULT = Fault(
	title="Workers hold nearly all connections of the queue Redis",
	breaks=breaks,
	check="cache.clients",
	severity="critical",
	subjects=("queue",),
)
