"""Is the way to the database slow?"""

from __future__ import annotations

import time
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SAMPLES = 7


@dataclass(frozen=True)
class Latency(Check):
	"""How long does the database take for a question that costs nothing?

	Cost: seven statements without a table; the fastest counts, so that a busy moment says nothing.
	"""

	title = _("Database answer time")
	explained_by = ("host.load", "host.memory")

	#: A page asks some hundred questions: each of them pays this.
	warning_after: timedelta = timedelta(milliseconds=20)
	critical_after: timedelta = timedelta(milliseconds=100)

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb", "postgres")
		answer = min(_ask(site) for _number in range(_SAMPLES))
		milliseconds = round(answer * 1000, 2)
		yield self.measure(answer_ms=milliseconds)
		if answer < self.warning_after.total_seconds():
			return
		yield (self.critical if answer >= self.critical_after.total_seconds() else self.warning)(
			_("The database takes {answer_ms} ms for the simplest question."),
			cause=_(
				"On the same machine or network it takes less than 1 ms. A page asks some hundred questions one after"
				" the other, so it waits that many times as long. The database is far away, or its machine is overloaded."
			),
			remedy=_(
				"Compare with `ping` to {host}. When that is as slow, move the database nearer (same machine or data"
				" centre); else look at load and memory of the database's machine."
			),
			subjects=[("Database", _server.name(site))],
			answer_ms=milliseconds,
			host=str(site.config.get("db_host") or "127.0.0.1"),
		)


def _ask(site: Site) -> float:
	begun = time.monotonic()
	site.db.sql("SELECT 1 AS one")
	return time.monotonic() - begun
