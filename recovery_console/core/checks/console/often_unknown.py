"""Which checks can never look?"""

from __future__ import annotations

from collections import Counter

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site


@dataclass(frozen=True)
class OftenUnknown(Check):
	"""Which checks could not look in most of the latest snapshots?

	Cost: up to 12 reports of the last two days, read once for all checks.
	"""

	title = _("Checks that can never look")
	needs = (_snapshots.DOCTYPE,)
	explained_by = ("cache.reachable", "jobs.redis", "database.latency", "database.waiting", "host.load")

	#: In this share of the snapshots.
	share: float = 0.75

	def run(self, site: Site) -> Answer:
		reports = _snapshots.latest(site)
		unknown = Counter(said.check for report in reports for said in report if said.status == "unknown")
		blind = sorted(check for check, number in unknown.items() if number >= self.share * len(reports))
		yield self.measure(blind_checks=len(blind))
		if not blind:
			return
		reasons = {
			said.check: redact_text(said.reason, personal=True)[:200]
			for report in reversed(reports)
			for said in report
			if said.check in blind and said.reason
		}
		yield self.warning(
			_("Checks that could not look in most of the latest snapshots: {count}."),
			cause=_("What they watch may be broken without anybody knowing. {first}: {reason}"),
			remedy=_(
				"Open the last Health Snapshot: each of them says what to do so that it can look. Rights that the site's"
				" user lacks are the usual reason."
			),
			subjects=[("Check", check) for check in blind],
			snapshots=len(reports),
			first=blind[0],
			reason=reasons.get(blind[0]) or _("it gave no reason."),
			reasons=reasons,
		)
