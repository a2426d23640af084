"""How many requests end in an error?"""

from __future__ import annotations

from collections import Counter

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _monitor
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class FailedRequests(Check):
	"""How many requests end in an error of the server (500 and above)?

	Cost: the last 4 MB of the monitor's file, read once for all checks.
	"""

	title = _("Requests that fail")
	explained_by = (
		*("errors.repeated", "errors.new_since_update", "errors.waiting", "database.reachable"),
		*("cache.reachable", "scheduler.maintenance"),
	)

	#: Of all requests in the last day.
	warning_share: float = 0.01
	critical_share: float = 0.1
	#: Fewer failures say nothing.
	at_least: int = 10

	def run(self, site: Site) -> Answer:
		requests = _monitor.requests(site)
		failed = Counter(entry.what for entry in requests if entry.failed)
		total = sum(failed.values())
		share = total / len(requests)
		yield self.measure(failed_requests=total, failed_percent=round(100 * share, 2))
		if total < self.at_least or share < self.warning_share:
			return
		yield (self.critical if share >= self.critical_share else self.warning)(
			_("Requests that ended in an error of the server: {count}, which is {percent} % of all."),
			cause=_("Most of them asked for {worst}: {of_worst}. Users saw an error page or a red message."),
			remedy=_(
				"Look in Error Log for the same hour: the error behind each of them is saved within 15 minutes."
			),
			subjects=[("Request", what) for what, _number in failed.most_common()],
			count=total,
			percent=round(100 * share, 1),
			requests=len(requests),
			worst=failed.most_common(1)[0][0],
			of_worst=failed.most_common(1)[0][1],
		)
