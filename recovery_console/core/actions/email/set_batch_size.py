"""Let more mails go out in one run."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "email_queue_batch_size"
USUAL = 500
#: More than this in one run, and the job that sends runs into its time limit.
GREATEST = 5000


@dataclass(frozen=True)
class SetBatchSize(Action):
	"""Set how many mails one run of the queue may send; Frappe's own number is 500 every four minutes."""

	title = _("Send more mails in one run")
	risk = Risk.REVERSIBLE
	checks = ("email.starving",)

	mails: int = 1000

	def plan(self, site: Site) -> Plan:
		if not 1 <= self.mails <= GREATEST:
			raise UsageError(
				f"{self.mails} mails in one run cannot be.", remedy=f"Give a number from 1 to {GREATEST}."
			)
		now = site.config.number(KEY, USUAL) or USUAL
		edits = [ConfigEdit("site", KEY, site.config.site.values.get(KEY, ABSENT), self.mails)]
		return self.planned(
			site,
			_("Let one run send {mails} mails instead of {now}"),
			[batch("File", "site_config.json", *edits)] if now != self.mails else [],
			warnings=[
				_("See that your mail provider allows so many an hour; above its limit it refuses all.")
			],
			mails=self.mails,
			now=now,
		)
