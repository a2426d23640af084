"""Which scheduled jobs fail every time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._failures import Streak, read_streaks, take_last_words
from recovery_console.core.checks.scheduler._log import DOCTYPE as LOG
from recovery_console.core.checks.scheduler._types import DOCTYPE
from recovery_console.core.finding import Finding, _
from recovery_console.core.knowledge import known_in
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Failing(Check):
	"""Which scheduled jobs failed in all of their latest runs?

	Cost: one grouped count over the window's log rows, one count per failing job, and up to 20 error texts.
	"""

	title = _("Scheduled jobs that always fail")
	needs = (LOG, DOCTYPE)
	explained_by = ("scheduler.gone_method",)

	#: How far back the log is read; Frappe itself keeps it for days, not months.
	window: timedelta = timedelta(days=7)
	#: So many failures in a row, with no success after, are "always".
	in_a_row: int = 3

	def run(self, site: Site) -> Answer:
		streaks = [streak for streak in read_streaks(site, self.window) if streak.failures >= self.in_a_row]
		yield self.measure(always_failing=len(streaks))
		if streaks:
			yield from self._report(site, sorted(streaks, key=lambda streak: -streak.failures))

	def _report(self, site: Site, streaks: list[Streak]) -> Iterator[Finding]:
		words = take_last_words(site, self.window, streaks)
		errors = Counter(death.error for death, _text in words.values())
		texts = [text for _death, text in words.values()]
		known = next((error for text in texts if (error := known_in(site, text))), None)
		worst = streaks[0]
		death = words[worst.name][0] if worst.name in words else None
		age = site.now() - worst.since if worst.since else timedelta(0)
		yield (self.critical if any(streak.is_vital for streak in streaks) else self.warning)(
			_("Scheduled jobs that fail every time: {count}."),
			cause=_("{method} failed {failures} times in a row, for {age}: {error} {message}{known_cause}"),
			remedy=_(
				"{known_fix}Open it under Scheduled Job Type in Desk: its log holds the whole error, and Execute tries it"
				" again. Such failures stand in no Error Log and not among the failed jobs."
			),
			subjects=[(DOCTYPE, streak.name) for streak in streaks],
			method=worst.method,
			failures=worst.failures,
			age=in_words(age),
			error=death.error if death else _("no error text"),
			message=death.message if death else "",
			errors=dict(errors),
			messages={
				streak.method: words[streak.name][0].message for streak in streaks if streak.name in words
			},
			known_error=known.id if known else "",
			known_cause=f" {known.cause}" if known else "",
			known_fix=f"{known.fix} " if known else "",
			vital=[streak.method for streak in streaks if streak.is_vital],
		)
