"""How fast an incident is answered: times and calls per severity, the console's own and those of a site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from recovery_console.core.business_hours import BusinessHours, holidays_of, parse_days
from recovery_console.core.durations import Duration, parse_duration
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

#: The clocks of an incident, in the order in which they end.
ACKNOWLEDGE, MITIGATE, RESOLVE, REVIEW = CLOCKS = ("acknowledge", "mitigate", "resolve", "review")


@dataclass(frozen=True)
class Times:
	"""How long each clock of a severity may run; None: it has none.

	Args:
		acknowledge: Until somebody says that they look at it.
		mitigate: Until people can work again.
		resolve: Until the cause is gone.
		review: From then until the review is signed.
		business_hours: Working hours only count.
	"""

	acknowledge: Duration | None
	mitigate: Duration | None
	resolve: Duration | None
	review: Duration | None = None
	business_hours: bool = False

	def of(self, clock: str) -> Duration | None:
		"""Return the time of one of ``CLOCKS``."""
		found: Duration | None = getattr(self, clock)
		return found


@dataclass(frozen=True)
class Step:
	"""Whom to call when nobody acknowledges an incident.

	Args:
		tier: 1 to 4, for E1 to E4.
		after: How long after the incident was detected.
		business_hours: Working hours only count.
	"""

	tier: int
	after: Duration
	business_hours: bool = False


def _of(text: str) -> Duration:
	return parse_duration(text)


TIMES: Mapping[str, Times] = {
	"S1": Times(_of("15 min"), _of("4 h"), _of("1 day"), _of("24 h")),
	"S2": Times(_of("1 h"), _of("8 h"), _of("2 days"), _of("48 h")),
	"S3": Times(_of("4 h"), _of("2 days"), _of("2 days"), business_hours=True),
	"S4": Times(_of("1 day"), _of("1 week"), _of("1 week"), business_hours=True),
}
STEPS: Mapping[str, tuple[Step, ...]] = {
	"S1": (Step(1, _of("0 min")), Step(2, _of("15 min")), Step(3, _of("30 min")), Step(4, _of("60 min"))),
	"S2": (Step(1, _of("0 min")), Step(2, _of("1 h"))),
	"S3": (Step(1, _of("4 h"), business_hours=True),),
	"S4": (),
}
SEVERITIES = tuple(TIMES)


@dataclass(frozen=True)
class Policy:
	"""Everything that decides when something is due.

	Args:
		hours: When people work here.
		times: By severity.
		steps: By severity, the first to be called first.
	"""

	hours: BusinessHours = field(default_factory=lambda: BusinessHours(UTC))
	times: Mapping[str, Times] = field(default_factory=lambda: TIMES)
	steps: Mapping[str, tuple[Step, ...]] = field(default_factory=lambda: STEPS)

	def after(self, since: datetime, duration: Duration, business_hours: bool) -> datetime:
		"""Return the moment at which a duration has passed."""
		return self.add(since, self.length(duration, business_hours), business_hours)

	def length(self, duration: Duration, business_hours: bool) -> timedelta:
		"""Return how long a duration is, around the clock or in working hours."""
		hours = self.hours
		return (
			duration.within(hours.workday, len(hours.days)) if business_hours else duration.around_the_clock
		)

	def add(self, since: datetime, passed: timedelta, business_hours: bool) -> datetime:
		"""Return the moment at which so much time has passed since another."""
		return self.hours.add(since, passed) if business_hours else since + passed

	def between(self, since: datetime, until: datetime, business_hours: bool) -> timedelta:
		"""Return how much time lies between two moments."""
		return self.hours.between(since, until) if business_hours else until - since


def policy_of(settings: Mapping[str, Any], zone: tzinfo) -> Policy:
	"""Read Recovery Settings: the console's own times, with those that the site changed.

	Args:
		settings: ``clocks`` and ``escalation`` (rows), ``workdays``, ``workday_start``, ``workday_end`` and
			``holidays_country``.
		zone: Time zone of the site.

	Raises:
		UsageError: A value makes no sense; the message names the row.
	"""
	hours = BusinessHours(
		zone,
		parse_days(settings.get("workdays") or "Mon, Tue, Wed, Thu, Fri"),
		_time(settings.get("workday_start"), time(9)),
		_time(settings.get("workday_end"), time(17)),
		holidays_of(settings.get("holidays_country") or ""),
	)
	if hours.end != time() and hours.end <= hours.start:
		raise UsageError(
			_("The working day ends before it begins."),
			remedy=_("Let it end later on the same day; 00:00 is its midnight."),
		)
	return Policy(hours, _times(settings.get("clocks") or ()), _steps(settings.get("escalation") or ()))


def _times(rows: Iterable[Mapping[str, Any]]) -> dict[str, Times]:
	times = dict(TIMES)
	seen: set[str] = set()
	for number, row in enumerate(rows, 1):
		severity = str(row["severity"])
		if severity in seen:
			raise _twice(number, severity)
		seen.add(severity)
		given = {name: _duration(number, row[name]) for name in CLOCKS if row.get(name)}
		times[severity] = replace(
			TIMES[severity],
			business_hours=bool(row.get("business_hours")),
			**given,
		)
	return times


def _steps(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Step, ...]]:
	own: dict[str, list[Step]] = {}
	for number, row in enumerate(rows, 1):
		severity, tier = str(row["severity"]), int(str(row["tier"]).removeprefix("E"))
		steps = own.setdefault(severity, [])
		if tier in {step.tier for step in steps}:
			raise _twice(number, f"{severity} E{tier}")
		steps.append(Step(tier, _duration(number, row["after"]), bool(row.get("business_hours"))))
	for severity, steps in own.items():
		steps.sort(key=lambda step: step.tier)
		_check_order(severity, steps)
	return {**STEPS, **{severity: tuple(steps) for severity, steps in own.items()}}


def _check_order(severity: str, steps: list[Step]) -> None:
	for earlier, later in pairwise(steps):
		if later.after.around_the_clock < earlier.after.around_the_clock:
			raise UsageError(
				_("For {severity}, E{later} is called before E{earlier}.").format(
					severity=severity, later=later.tier, earlier=earlier.tier
				),
				remedy=_("Give a higher tier a longer time than a lower one."),
			)


def _duration(number: int, text: Any) -> Duration:
	try:
		return parse_duration(str(text))
	except UsageError as error:
		raise UsageError(
			_("Row {number}: {message}").format(number=number, message=error.message), remedy=error.remedy
		) from error


def _twice(number: int, what: str) -> UsageError:
	return UsageError(
		_("Row {number}: {what} is listed twice.").format(number=number, what=what),
		remedy=_("Keep one of the two rows."),
	)


def _time(value: Any, otherwise: time) -> time:
	"""Return a time of day as databases give it: a time, a timedelta since midnight, or a text."""
	if value in (None, ""):
		return otherwise
	if isinstance(value, time):
		return value
	hours, minutes, *_rest = (float(part) for part in str(value).split(":"))
	return time(int(hours) % 24, int(minutes))
