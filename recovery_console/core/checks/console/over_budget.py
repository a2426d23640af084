"""Which checks take too long?"""

from __future__ import annotations

from collections import defaultdict

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class OverBudget(Check):
	"""Which checks take nearly all the time that they are given, on this site?

	Cost: up to 12 reports of the last two days, read once for all checks.
	"""

	title = _("Checks that take too long")
	needs = (_snapshots.DOCTYPE,)
	explained_by = ("host.load", "database.latency", "database.waiting", "console.often_unknown")

	#: Mostly longer than this is too long; a check is given two to five seconds.
	most_ms: int = 1500

	def run(self, site: Site) -> Answer:
		taken: dict[str, list[float]] = defaultdict(list)
		for report in _snapshots.latest(site):
			for said in report:
				taken[said.check].append(said.milliseconds)
		from statistics import median  # loaded where it is needed: each module costs every diagnosis its time

		usual = {
			check: median(found) for check, found in taken.items() if len(found) >= _snapshots.LEAST_REPORTS
		}
		slow = sorted(
			(check for check in usual if usual[check] > self.most_ms), key=lambda check: -usual[check]
		)
		yield self.measure(slow_checks=len(slow), slowest_check_ms=round(max(usual.values(), default=0)))
		if not slow:
			return
		yield self.info(
			_("Checks that mostly take longer than {limit} ms on this site: {count}."),
			cause=_(
				"The slowest is {slowest}, with {slowest_ms} ms. A check that runs out of time says nothing at all. Mostly a"
				" table has grown far beyond what its index helps with, or the machine is busy at the full hour."
			),
			remedy=_("Give it a shorter window in Recovery Settings, or clear the log that it reads."),
			subjects=[("Check", check) for check in slow],
			limit=self.most_ms,
			slowest=slow[0],
			slowest_ms=round(usual[slow[0]]),
			milliseconds={check: round(usual[check]) for check in slow[:20]},
		)
