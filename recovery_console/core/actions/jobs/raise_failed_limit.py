"""Give the list of failed jobs more room."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.jobs.failed_registry import DEFAULT_LIMIT
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "rq_failed_jobs_limit"
#: Beyond this, reading the list takes too long.
MOST = 20_000


@dataclass(frozen=True)
class RaiseFailedLimit(Action):
	"""Raise the number of failed jobs that Frappe keeps per queue, for all sites of the bench.

	At the limit Frappe deletes the newest failures and keeps the oldest.
	"""

	title = _("More room for failed jobs")
	risk = Risk.REVERSIBLE
	checks = ("jobs.failed_registry",)
	resources = ("config",)

	#: The new limit; 0 takes twice what is there now, and at least 2000.
	limit: int = 0

	def plan(self, site: Site) -> Plan:
		now = site.config.number(KEY, DEFAULT_LIMIT) or DEFAULT_LIMIT
		wanted = self.limit or max(2 * now, 2 * DEFAULT_LIMIT)
		if not now < wanted <= MOST:
			raise UsageError(
				f"{wanted} is no higher limit for failed jobs.",
				remedy=f"It is {now} now; give a number from {now + 1} to {MOST}.",
			)
		edits = []
		if KEY in site.config.site.values:
			edits.append(ConfigEdit("site", KEY, site.config.site.values[KEY], wanted))
		else:
			edits.append(ConfigEdit("common", KEY, site.config.common.values.get(KEY, ABSENT), wanted))
		return self.planned(
			site,
			_("Keep up to {limit} failed jobs per queue"),
			[batch("Setting", KEY, *edits)],
			warnings=[_("Workers that run keep the old limit until they are restarted: bench restart.")],
			limit=wanted,
			before=now,
		)
