"""Empty the mail queue now."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._mails import QUEUE
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import OPEN
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Flush(Action):
	"""Give the workers the job that empties the mail queue, without waiting for the scheduler."""

	title = _("Empty the mail queue now")
	risk = Risk.DISRUPTIVE
	needs = (QUEUE,)
	checks = ("email.starving",)

	def plan(self, site: Site) -> Plan:
		t = table(QUEUE)
		waiting = site.db.count(site.db.from_(t).where(t["status"].isin(OPEN)))
		act = Act("Enqueue the job that sends mail", "Email Queue", "all that is due", {}, frappe=True)
		workers = site.queue.workers()
		return self.planned(
			site,
			_("Send what waits in the mail queue: {waiting}"),
			[batch(QUEUE, "all that is due", act)] if waiting else [],
			warnings=[
				*mails.why_held(site),
				*([] if workers else [_("No worker runs: the job waits until one does.")]),
			],
			waiting=waiting,
		)
