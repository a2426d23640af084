"""Which pages and methods are slow?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _monitor
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SlowMethods(Check):
	"""Which pages or methods take seconds, whoever asks for them?

	Cost: the last 4 MB of the monitor's file, read once for all checks.
	"""

	title = _("Slow pages and methods")
	explained_by = ("database.long_queries", "database.waiting", "database.missing_indexes", "host.load")

	#: One request in twenty of the same kind takes longer than this …
	seconds: float = 5.0
	#: … of at least so many.
	at_least: int = 10

	def run(self, site: Site) -> Answer:
		works = _monitor.by_work(_monitor.requests(site))
		slow = [
			work for work in works if len(work.seconds) >= self.at_least and work.slowest_usual > self.seconds
		]
		yield self.measure(slow_methods=len(slow))
		if not slow:
			return
		worst = slow[0]
		yield self.warning(
			_("Pages or methods that take longer than {limit} s: {count}."),
			cause=_(
				"{worst} was asked for {asked} times in the last day and took {minutes} minutes in all; one in twenty took"
				" longer than {p95} s. Whoever waits for it keeps a worker of the web server busy."
			),
			remedy=_(
				"Turn on Recorder in Desk, open the page once, and look at its statements: repeated ones and those without"
				" an index are the usual finding. A long report belongs into the background (Prepared Report)."
			),
			subjects=[("Request", work.what) for work in slow],
			limit=self.seconds,
			worst=worst.what,
			asked=len(worst.seconds),
			minutes=round(sum(worst.seconds) / 60, 1),
			p95=round(worst.slowest_usual, 2),
			slowest={work.what: round(work.slowest_usual, 2) for work in slow[:10]},
		)
