"""Do errors come faster than they should?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.errors import _groups
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Rate(Check):
	"""Were more errors logged in the last hour, or the last day, than a healthy site logs?

	Cost: one pass over two days of Error Log, by index, for all checks.
	"""

	title = _("How many errors")
	needs = (_groups.DOCTYPE,)
	explained_by = ("errors.repeated", "errors.new_since_update")

	#: More than so many in the last hour …
	per_hour: int = 10
	#: … or in the last day ask for a look.
	per_day: int = 20

	def run(self, site: Site) -> Answer:
		rates = _groups.rates(site)
		hour, today, before = rates.hour, rates.day, rates.day_before
		yield self.measure(errors_last_hour=hour, errors_last_day=today, errors_day_before=before)
		if hour <= self.per_hour and today <= self.per_day:
			return
		fast = hour > self.per_hour
		yield self.warning(
			_("Errors logged in the last hour: {last_hour}.")
			if fast
			else _("Errors logged in the last 24 hours: {last_day}."),
			cause=_(
				"In the last 24 hours {last_day} were logged, in the 24 hours before {day_before}. A healthy site logs"
				" fewer than {per_day} a day."
			),
			remedy=_(
				"Open Error Log, newest first, and group by Title: few problems mostly make up most of it. Begin with the"
				" one that repeats most."
			),
			subjects=[("DocType", _groups.DOCTYPE)],
			count=hour if fast else today,
			last_hour=hour,
			last_day=today,
			day_before=before,
			per_day=self.per_day,
		)
