"""Which mails did Frappe give up on?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email import _failures as failures
from recovery_console.core.checks.email._failures import Cause, Failure
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class GivenUp(Check):
	"""Which mails did Frappe stop sending after its last attempt, and why?

	Cost: counts the mails in Error by the index on status; reads the errors of the newest thousand.
	"""

	title = _("Mails that were given up")
	needs = (failures.QUEUE,)
	explained_by = ("email.server", "email.account_login", "email.oauth", "email.outgoing_account")

	window: timedelta = timedelta(days=7)
	#: Older ones are a loss to make good, and no longer an alarm.
	fresh: timedelta = timedelta(hours=24)

	def run(self, site: Site) -> Answer:
		t = table(failures.QUEUE)
		total = failures.count(site, failures.gave_up(t), t, self.window)
		yield self.measure(given_up=total)
		if not total:
			return
		found = failures.read_failures(site, failures.gave_up(t), t, self.window)
		for cause, group in failures.grouped(found):
			yield self._finding_of(site, cause, group, total)

	@classmethod
	def causes_of(cls, finding: Finding) -> tuple[str, ...]:
		return () if finding.evidence.get("about_recipient") else cls.explained_by

	def _finding_of(self, site: Site, cause: Cause, group: list[Failure], total: int) -> Finding:
		newest = max((failure.modified for failure in group if failure.modified), default=None)
		fresh = newest is not None and site.now() - newest <= self.fresh
		loud = fresh and not cause.about_recipient
		return (self.critical if loud else self.warning)(
			_("Mails that were given up because of {reason}: {count}."),
			cause=_("The mail server refused their recipients for good: {example}")
			if cause.about_recipient
			else _(
				"Frappe tried each of them {attempts} times and will not try again. The last error: {example}"
			),
			remedy=_(
				"Correct the addresses in the contacts and send the documents again; a second attempt with the"
				" same address ends the same way."
			)
			if cause.about_recipient
			else _(
				"Remove the cause first. Then mark the mails in the Email Queue list and choose Retry Sending."
				" Frappe does not reset their counter of attempts: one more failure ends them again."
			),
			subject=cause.label,
			subjects=[(failures.QUEUE, failure.name) for failure in group],
			reason=cause.label,
			example=group[0].message,
			attempts=site.single_int("System Settings", "email_retry_limit", 3) + 1,
			newest=newest,
			given_up_in_all=total,
			about_recipient=cause.about_recipient,
			window_days=self.window.days,
		)
