"""Let all workers rest."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.edits import ListEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: RQ asks only whether this key is there.
KEY = b"rq:suspended"


@dataclass(frozen=True)
class Suspend(Action):
	"""Let no worker take a new job, for repairs that must not be disturbed; ``jobs.resume`` ends it.

	What runs goes on to its end. It holds for every bench that keeps its queues in the same Redis: when there are
	others, ``all_benches`` must say that they may rest too.
	"""

	title = _("Let the workers rest")
	risk = Risk.DISRUPTIVE
	checks = ()

	all_benches: bool = False

	def plan(self, site: Site) -> Plan:
		others = other_benches(site)
		if others and not self.all_benches:
			raise UsageError(
				f"Other benches keep their queues in the same Redis: {', '.join(others)}.",
				remedy="Say all_benches=yes if their workers may rest, too.",
			)
		edit = ListEdit("queue", KEY, b"recovery-console", before=False, after=True)
		return self.planned(
			site,
			_("Suspend the workers"),
			[] if site.queue.suspended() else [batch("Redis", "queue", edit)],
			warnings=[
				_("Until somebody resumes them, no mail is sent and nothing scheduled or queued is done.")
			],
			other_benches=others,
		)


def other_benches(site: Site) -> list[str]:
	"""Return the other benches whose workers are registered in the same Redis."""
	found = {name.rpartition(":")[0] for worker in site.queue.all_workers() for name in worker.all_queues}
	return sorted(found - {site.queue.bench_id})
