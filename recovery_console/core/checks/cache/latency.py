"""Do the Redis servers answer at once?"""

from __future__ import annotations

import time
from datetime import timedelta

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.cache._server import servers
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SAMPLES = 7


@dataclass(frozen=True)
class Latency(Check):
	"""How long do the Redis servers take for the simplest answer?

	Cost: seven ECHO each; the fastest counts, so that a busy moment says nothing.
	"""

	title = _("Redis answer time")
	explained_by = ("host.load", "host.memory", "cache.fragmentation")

	#: A page asks the cache hundreds of times: each of them pays this.
	warning_after: timedelta = timedelta(milliseconds=10)

	def run(self, site: Site) -> Answer:
		for name, server in servers(site):
			answer = min(_ping(server) for _number in range(_SAMPLES))
			milliseconds = round(answer * 1000, 2)
			yield self.measure(**{f"{name}_answer_ms": milliseconds})
			if answer < self.warning_after.total_seconds():
				continue
			yield self.warning(
				_("The {name} Redis takes {answer_ms} ms for the simplest answer."),
				cause=_(
					"On the same machine or network it takes less than 1 ms. It is far away, its machine is overloaded, or it"
					" is busy with one long command."
				),
				remedy=_(
					"See `redis-cli -u redis://{address} slowlog get 10` for long commands, and compare with `ping` to its"
					" machine. Move it to the bench's own machine or network when it is far away."
				),
				subject=name,
				subjects=[("Redis", name)],
				name=name,
				answer_ms=milliseconds,
				address=server.address,
			)


def _ping(server: RedisSource) -> float:
	with server.client() as client:
		begun = time.monotonic()
		client.echo("ping")
		return time.monotonic() - begun
