"""Do the clocks agree?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, in_words

_DATABASE = {
	"mariadb": "SELECT UTC_TIMESTAMP(6) AS t",
	"postgres": "SELECT clock_timestamp() AT TIME ZONE 'UTC' AS t",
}


@dataclass(frozen=True)
class Clock(Check):
	"""Do the clocks of this machine, the database and the Redis servers agree?

	Cost: three questions to each. The time that an answer takes is allowed for.
	"""

	title = _("Clocks")

	at_most: timedelta = timedelta(seconds=2)

	def run(self, site: Site) -> Answer:
		for name, ask in _servers(site):
			ahead = _ahead(site, ask)
			yield self.measure(**{f"{name}_ahead_seconds": round(ahead.total_seconds(), 3)})
			if abs(ahead) <= self.at_most:
				continue
			yield self.warning(
				_("The clock of the {name} server is {offset} ahead of this machine's.")
				if ahead > timedelta(0)
				else _("The clock of the {name} server is {offset} behind this machine's."),
				cause=_(
					"Sessions and links expire too early or too late, jobs look dead that live, one-time codes are refused,"
					" and of two changes the later can look like the earlier. One of the machines does not set its clock."
				),
				remedy=_(
					"Run `timedatectl` on {host} and on the server's machine, and turn on time synchronisation where it says"
					" 'System clock synchronized: no'."
				),
				subject=name,
				subjects=[("Server", name)],
				name=name,
				offset=in_words(abs(ahead)),
				offset_seconds=round(ahead.total_seconds(), 1),
				host=site.host.name,
			)


def _servers(site: Site) -> Iterator[tuple[str, Callable[[], datetime]]]:
	for name, server in (("cache", site.cache), ("queue", site.queue.redis)):

		def ask(server: RedisSource = server) -> datetime:
			with server.client() as client:
				seconds, microseconds = client.time()
			return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)

		yield name, ask
	statement = _DATABASE.get(site.db.dialect)
	if statement is not None:
		yield "database", lambda: site.db.sql(statement)[0]["t"].replace(tzinfo=UTC)


def _ahead(site: Site, ask: Callable[[], datetime]) -> timedelta:
	"""Return how far a clock is ahead of ours, at least: an answer may have taken its time either way."""
	answers = []
	for _number in range(3):
		before = site.host.clock()
		answer = ask()
		took = site.host.clock() - before
		answers.append((took, answer - (before + took / 2)))
	took, ahead = min(answers)
	return max(timedelta(0), abs(ahead) - took / 2) * (1 if ahead > timedelta(0) else -1)
