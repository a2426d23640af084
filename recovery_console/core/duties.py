"""The check calendar: which duty is due when, which of them checks answer, and which wait for a person. Pure functions.

Periods are counted in days of the site's own calendar and never in hours, so that a day of 23 or 25 hours is one day.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from recovery_console.core.finding import Status, _
from recovery_console.core.people import MANAGER, OPERATOR
from recovery_console.core.record import dataclass

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

FILE = Path(__file__).with_suffix(".toml")
#: Of periods that went by while nobody could write them down, so many are made up for.
MOST_BEHIND = 7
#: Of what the checks said, so many are told in one line.
_MOST_TOLD = 5


class Rhythm(str, enum.Enum):
	"""How often a duty comes."""

	DAILY = "Daily"
	WEEKLY = "Weekly"
	MONTHLY = "Monthly"
	QUARTERLY = "Quarterly"
	HALF_YEARLY = "Half-Yearly"
	YEARLY = "Yearly"

	__str__ = str.__str__


#: Months of those that begin with a month.
_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}


class SignOff(str, enum.Enum):
	"""Where a sign-off stands. The last three are for good."""

	OPEN = "Open"
	OVERDUE = "Overdue"
	DONE = "Done"
	NOT_APPLICABLE = "Not Applicable"
	MISSED = "Missed"

	__str__ = str.__str__

	@property
	def waits(self) -> bool:
		return self in (SignOff.OPEN, SignOff.OVERDUE)


@dataclass(frozen=True)
class Duty:
	"""Something that is to be done again and again.

	Args:
		id: Its name.
		title: What it is called in a list.
		rhythm: How often it comes.
		instructions: What to do, for the person who does it.
		checks: Ids of the checks that answer it; ``backups.*`` is a whole family, without what runs only on request.
		needs_person: A person signs off even where its checks find nothing.
		role: Who may sign off.
		due_after_days: On which day of its period it is due, counted from the first; 0: on the last.
	"""

	id: str
	title: str
	rhythm: Rhythm
	instructions: str
	checks: tuple[str, ...] = ()
	needs_person: bool = False
	role: str = OPERATOR
	due_after_days: int = 0


@dataclass(frozen=True)
class Period:
	"""The days in which a duty is to be done once.

	Args:
		name: ``2026-11-22``, ``2026-W47``, ``2026-11``, ``2026-Q4``, ``2026-H2`` or ``2026``.
		start: Its first day.
		end: Its last.
	"""

	name: str
	start: date
	end: date

	def due(self, after_days: int) -> date:
		"""Return by which day: so many days into it, else on its last."""
		return min(self.start + timedelta(days=after_days - 1), self.end) if after_days > 0 else self.end


def period_of(rhythm: Rhythm, day: date) -> Period:
	"""Return the period that a day of the site's calendar lies in. Weeks are those of ISO 8601: Monday to Sunday."""
	if rhythm is Rhythm.DAILY:
		return Period(day.isoformat(), day, day)
	if rhythm is Rhythm.WEEKLY:
		year, week, weekday = day.isocalendar()
		monday = day - timedelta(days=weekday - 1)
		return Period(f"{year}-W{week:02}", monday, monday + timedelta(days=6))
	months = _MONTHS[rhythm]
	number = (day.month - 1) // months
	first = date(day.year, number * months + 1, 1)
	following = number * months + months + 1
	after = date(day.year + 1, 1, 1) if following > 12 else date(day.year, following, 1)
	names = {1: f"{day.year}-{day.month:02}", 3: f"{day.year}-Q{number + 1}", 6: f"{day.year}-H{number + 1}"}
	return Period(names.get(months, str(day.year)), first, after - timedelta(days=1))


def following(rhythm: Rhythm, period: Period) -> Period:
	"""Return the period after one."""
	return period_of(rhythm, period.end + timedelta(days=1))


def periods_to_have(duty: Duty, known_since: date, today: date) -> list[Period]:
	"""Return the periods for which a duty must have a sign-off by now, the earliest first.

	A duty that came in the second half of a period begins with the next: nobody is late with what they could
	hardly know. Of periods that nobody wrote down while the scheduler stood still, the latest are made up for.

	Args:
		duty: The duty.
		known_since: The day on which the site got it.
		today: The present day of the site's calendar.
	"""
	first = period_of(duty.rhythm, known_since)
	if known_since - first.start > first.end - known_since:
		first = following(duty.rhythm, first)
	found: list[Period] = []
	period = period_of(duty.rhythm, today)
	while period.start >= first.start and len(found) < MOST_BEHIND:
		found.append(period)
		period = period_of(duty.rhythm, period.start - timedelta(days=1))
	return found[::-1]


def state_on(state: SignOff, rhythm: Rhythm, period: Period, due: date, today: date) -> SignOff:
	"""Return how a sign-off stands on a day: overdue after its day, missed once the next period is over, too.

	A daily look that nobody took cannot be taken a week later; that nobody took it stays on record.
	"""
	if not state.waits:
		return state
	if today > following(rhythm, period).end:
		return SignOff.MISSED
	return SignOff.OVERDUE if today > due else SignOff.OPEN


@dataclass(frozen=True)
class Answer:
	"""What a snapshot says to a duty.

	Args:
		state: Done, Not Applicable, or Open where a person must look.
		waits_for: Why a person must look; empty where none must.
		said: Each check with its ``status``, and ``text``: what it found, or why it could not look.
		asked: The snapshot asked at least one of its checks; else it has nothing to say to this duty.
	"""

	state: SignOff
	waits_for: str
	said: tuple[Mapping[str, str], ...]
	asked: bool = True


def answer(duty: Duty, report: Mapping[str, Any]) -> Answer:
	"""Work out whether a report answers a duty: all of its checks looked, and found nothing that needs attention.

	Args:
		duty: A duty with checks.
		report: A report as design.md defines it.
	"""
	said = _said(duty, report)
	if not {item["check"] for item in said} & {check["id"] for check in report["checks"]}:
		return Answer(SignOff.OPEN, for_person(duty), said, asked=False)
	loud = [item for item in said if item["status"] not in (Status.OK, Status.INFO, Status.SKIPPED)]
	if loud:
		return Answer(SignOff.OPEN, _told(loud), said)
	if duty.needs_person:
		return Answer(SignOff.OPEN, _("The checks found nothing; the rest is for a person."), said)
	if not said or all(item["status"] == Status.SKIPPED for item in said):
		return Answer(SignOff.NOT_APPLICABLE, "", said)
	return Answer(SignOff.DONE, "", said)


def for_person(duty: Duty) -> str:
	"""Return why a duty without an answer of any check waits for a person."""
	return _("No snapshot has answered it yet.") if duty.checks else _("No check can answer this.")


def _said(duty: Duty, report: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
	"""Return what each check of a duty says; one that the report does not have could not look."""
	found = {check["id"]: check for check in report["checks"]}
	said: list[Mapping[str, str]] = []
	for wanted in chosen(duty.checks, found):
		check = found.get(wanted)
		if check is None:
			said.append({"check": wanted, "status": "unknown", "text": _("It was not asked.")})
			continue
		titles = "; ".join(finding["title"] for finding in check["findings"])
		said.append({"check": wanted, "status": check["status"], "text": titles or check.get("reason") or ""})
	return tuple(said)


def chosen(patterns: Sequence[str], known: Iterable[str]) -> list[str]:
	"""Return the ids that patterns name, each once, in their order; a whole family is what is known of it."""
	names = list(known)
	found: dict[str, None] = {}
	for pattern in patterns:
		if not pattern.endswith(".*"):
			found[pattern] = None
			continue
		family = [name for name in names if name.startswith(pattern[:-1])]
		found |= dict.fromkeys(family or [pattern])
	return list(found)


def _told(loud: Sequence[Mapping[str, str]]) -> str:
	"""Say in a few lines which checks found something or could not look."""
	lines = [
		_("{check} ({status}): {text}").format(**item)
		if item["text"]
		else f"{item['check']} ({item['status']})"
		for item in loud[:_MOST_TOLD]
	]
	if len(loud) > _MOST_TOLD:
		lines.append(_("and {count} more").format(count=len(loud) - _MOST_TOLD))
	return "\n".join(lines)


def may_sign(state: str, roles: Iterable[str], needed: str) -> str:
	"""Return why somebody may not sign off; empty where they may.

	Args:
		state: How the sign-off stands.
		roles: The roles of the person.
		needed: The role of the duty.
	"""
	has = set(roles)
	allowed = {"System Manager", MANAGER} | ({OPERATOR} if needed == OPERATOR else set())
	if not has & allowed:
		return _("Only a {role} may sign this off.").format(role=needed)
	if state == SignOff.MISSED:
		return _("Its time is over, and that nobody did it stays on record. The next one can be signed off.")
	return "" if SignOff(state).waits else _("It is signed off already.")


def overdue_text(titles: Sequence[str]) -> str:
	"""Say which duties nobody has signed off in time."""
	shown = "; ".join(titles[:_MOST_TOLD])
	if len(titles) == 1:
		return _("A duty is overdue: {titles}").format(titles=shown)
	if len(titles) > _MOST_TOLD:
		shown = _("{titles}; and {count} more").format(titles=shown, count=len(titles) - _MOST_TOLD)
	return _("{count} duties are overdue: {titles}").format(count=len(titles), titles=shown)


@lru_cache(maxsize=1)
def standard_duties() -> dict[str, Duty]:
	"""Return the duties that come with the console, by id."""
	written = tomllib.loads(FILE.read_text("utf-8"))["duty"]
	return {item["id"]: duty_from(item["id"], item) for item in written}


def duty_from(name: str, values: Mapping[str, Any]) -> Duty:
	"""Build a duty from what a file or a document says.

	Args:
		name: Its id.
		values: ``title``, ``rhythm``, ``instructions``, and where they are given ``checks`` (a list, or a text with
			one per line), ``needs_person``, ``sign_off_role`` and ``due_after_days``.
	"""
	checks = values.get("checks") or ()
	return Duty(
		id=name,
		title=values["title"],
		rhythm=Rhythm(values["rhythm"]),
		instructions=values["instructions"],
		checks=tuple(checks.split() if isinstance(checks, str) else checks),
		needs_person=bool(values.get("needs_person")),
		role=values.get("sign_off_role") or OPERATOR,
		due_after_days=int(values.get("due_after_days") or 0),
	)


def unknown_checks(duty: Duty, known: Iterable[str]) -> list[str]:
	"""Return what a duty names and no check is called, families included."""
	names = set(known)
	families = {name.partition(".")[0] for name in names}
	return [
		pattern
		for pattern in duty.checks
		if (pattern[:-2] not in families if pattern.endswith(".*") else pattern not in names)
	]
