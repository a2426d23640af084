"""Which mails fail and will be tried again?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email import _failures as failures
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Retrying(Check):
	"""Which mails failed at least once and wait for another attempt, and why?

	Cost: counts the mails still to be sent by the index on status; reads the errors of the newest thousand.
	"""

	title = _("Mails that fail and are tried again")
	needs = (failures.QUEUE,)
	explained_by = (
		"email.server",
		"email.account_login",
		"email.oauth",
		"email.outgoing_account",
		"email.switched_off",
	)

	window: timedelta = timedelta(hours=24)
	#: A single greylisted mail is nothing to speak of.
	at_least: int = 3

	def run(self, site: Site) -> Answer:
		t = table(failures.QUEUE)
		waiting = failures.count(site, failures.will_retry(t), t, self.window)
		yield self.measure(retrying=waiting)
		if waiting < self.at_least:
			return
		found = failures.read_failures(site, failures.will_retry(t), t, self.window)
		groups = failures.grouped(found)
		yield self.warning(
			_("Mails that failed and wait for another attempt: {count}, most of them because of {reason}."),
			cause=_("The last error of one of them: {example}"),
			remedy=_(
				"Remove the cause before the attempts are used up: then the mails go out by themselves. After"
				" the last attempt they stay in Error."
			),
			subjects=[(failures.QUEUE, failure.name) for failure in found],
			count=waiting,
			reason=groups[0][0].label,
			example=groups[0][1][0].message,
			reasons={cause.label: len(group) for cause, group in groups[:10]},
			most_attempts=max(failure.retry for failure in found),
			attempts_allowed=site.single_int("System Settings", "email_retry_limit", 3) + 1,
		)
