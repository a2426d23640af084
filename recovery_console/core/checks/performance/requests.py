"""Do pages answer quickly?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _monitor
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Requests(Check):
	"""Do 95 of 100 requests get their answer within a few seconds?

	Cost: the last 4 MB of the monitor's file, read once for all checks.
	"""

	title = _("How quickly pages answer")
	explained_by = (
		*("performance.slow_methods", "database.latency", "database.long_queries", "database.waiting"),
		*("database.buffer_pool", "cache.latency", "host.load", "host.memory", "host.disk"),
	)

	#: p95 above the target is worth knowing, above the others it is a problem.
	target_seconds: float = 0.5
	warning_seconds: float = 3.0
	critical_seconds: float = 5.0
	#: Fewer requests say nothing.
	at_least: int = 50

	def run(self, site: Site) -> Answer:
		seconds = [entry.seconds for entry in _monitor.requests(site)]
		p50, p95, p99 = (round(_monitor.percentile(seconds, share), 3) for share in (0.5, 0.95, 0.99))
		yield self.measure(requests=len(seconds), p50_seconds=p50, p95_seconds=p95, p99_seconds=p99)
		if len(seconds) < self.at_least or p95 <= self.target_seconds:
			return
		report = self.info
		if p95 > self.warning_seconds:
			report = self.critical if p95 > self.critical_seconds else self.warning
		yield report(
			_("One request in twenty takes longer than {p95} s."),
			cause=_(
				"Of {requests} requests in the last day half took longer than {p50} s and one in a hundred longer than"
				" {p99} s; {target} s for 95 of 100 is the aim. Most time went into {costliest}."
			),
			remedy=_(
				"Look first at what takes most time in all. Recorder in Desk shows the statements behind a slow page; turn"
				" it off again afterwards."
			),
			subjects=[("Site", site.name)],
			p50=p50,
			p95=p95,
			p99=p99,
			requests=len(seconds),
			target=self.target_seconds,
			costliest=_monitor.by_work(_monitor.requests(site))[0].what,
		)
