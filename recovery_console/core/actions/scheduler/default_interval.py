"""Let jobs that run all the time be due again."""

from __future__ import annotations

from typing import Literal

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.scheduler._types import INTERVAL_SECONDS
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "scheduler_interval"
#: Frappe makes a cron line of whole minutes out of it.
LEAST = 60


@dataclass(frozen=True)
class DefaultInterval(Action):
	"""Take scheduler_interval out of the configuration where it is shorter than a minute.

	Frappe then computes a cron line that is never due, and mail is not sent. Its own interval is 240 seconds.
	"""

	title = _("Use Frappe's own scheduler_interval")
	risk = Risk.REVERSIBLE
	checks = ("scheduler.plan",)
	resources = ("config",)

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		files: tuple[tuple[Literal["site", "common"], dict[str, object]], ...] = (
			("site", site.config.site.values),
			("common", site.config.common.values),
		)
		if site.config.number(KEY, INTERVAL_SECONDS) < LEAST:
			batches = [
				batch("Setting", KEY, ConfigEdit(file, KEY, values[KEY], ABSENT))
				for file, values in files
				if KEY in values
			]
		return self.planned(
			site,
			_("Use Frappe's own interval of {seconds} seconds"),
			batches,
			seconds=INTERVAL_SECONDS,
			warnings=[_("Restart the scheduler afterwards: bench restart.")] if batches else [],
		)
