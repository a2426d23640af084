"""Calling people: which tier when, for as long as nobody acknowledges; and again when it becomes quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from recovery_console.core.durations import Duration
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.response import Policy, Step
from recovery_console.core.times import in_words

#: Who is behind a tier, by the category of the incident. E1 is the same for all.
FIRST = _("First responder")
PATHS: Mapping[str, tuple[str, str, str, str]] = {
	"Technical": (FIRST, _("Technical administrator"), _("Database administrator"), _("External support")),
	"Security": (FIRST, _("Security team"), _("Management"), _("Legal adviser")),
	"Data Loss": (FIRST, _("Business owner"), _("Technical administrator"), _("External recovery")),
	"Performance": (FIRST, _("Technical administrator"), _("Infrastructure team"), _("Vendor")),
	"Vendor": (FIRST, _("Vendor's support"), _("Management"), _("Vendor's emergency line")),
}
#: The last call is repeated, each time after twice as long; no silence is longer, around the clock or in working hours.
_LONGEST_SILENCE = Duration(4, "h")
_LONGEST_WORKING_SILENCE = Duration(1, "weeks")
_SHORTEST_SILENCE = Duration(15, "min")
#: A call that comes later than this after its moment says so.
_LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Calling:
	"""How far the calling of people has come.

	Args:
		since: From when it is timed; None: nobody is called.
		tier: The highest tier that was called since then; 0: none.
		repeats: How often the last call was repeated.
		answered: Somebody acknowledged, and has been heard of at ``since``.
		next: When the next call is due; None: never.
	"""

	since: datetime | None = None
	tier: int = 0
	repeats: int = 0
	answered: bool = False
	next: datetime | None = None


@dataclass(frozen=True)
class Call:
	"""Somebody is called now.

	Args:
		tiers: Which tiers, lowest first.
		due: When the first of them was due.
		why: ``new``, ``unanswered``, ``repeated`` or ``quiet``.
	"""

	tiers: tuple[int, ...]
	due: datetime
	why: str = "unanswered"


def begin(policy: Policy, severity: str, since: datetime) -> Calling:
	"""Begin to call people for an incident that nobody acknowledged."""
	return _timed(policy, severity, Calling(since))


def calm(policy: Policy, severity: str, calling: Calling, heard: datetime) -> Calling:
	"""Stop calling because somebody is at it, until nothing has been heard of them for the time of the next tier."""
	steps = policy.steps[severity]
	if not steps:
		return Calling()
	step = next((step for step in steps if step.tier > calling.tier), steps[-1])
	return Calling(heard, calling.tier, answered=True, next=_moment(policy, step, heard, at_least=True))


def retimed(policy: Policy, severity: str, calling: Calling) -> Calling:
	"""Return when the next call is due under another severity: who was called already is not called again."""
	if calling.since is None:
		return calling
	if calling.answered:
		return calm(policy, severity, calling, calling.since)
	return _timed(policy, severity, calling)


def due_calls(policy: Policy, severity: str, calling: Calling, now: datetime) -> tuple[Calling, Call | None]:
	"""Work out who must be called now, and when the next call is due.

	Tiers whose time came while nobody looked are called together. A call that is late is not made up for more than
	once: repeats are timed from now.
	"""
	if calling.since is None or calling.next is None or calling.next > now:
		return calling, None
	why = "unanswered"
	due = calling.next
	if calling.answered:
		calling = Calling(due, next=due)
		why = "quiet"
	moments = _moments(policy, severity, calling)
	tiers = tuple(tier for tier, moment in moments if moment <= now and tier > calling.tier)
	if not tiers and moments and why == "unanswered":
		return _repeated(policy, severity, calling, now), Call((calling.tier,), due, "repeated")
	if why == "unanswered" and all(moment == calling.since for tier, moment in moments if tier in tiers):
		why = "new"
	reached = replace(calling, tier=max(tiers, default=calling.tier))
	after = _timed(policy, severity, reached, last=now)
	return after, Call(tiers, due, why) if tiers else None


def _timed(policy: Policy, severity: str, calling: Calling, last: datetime | None = None) -> Calling:
	moments = [moment for tier, moment in _moments(policy, severity, calling) if tier > calling.tier]
	if moments:
		return replace(calling, repeats=0, next=min(moments))
	steps = policy.steps[severity]
	if not steps or calling.since is None:
		return replace(calling, next=None)
	return replace(calling, repeats=0, next=_again(policy, steps, last or calling.since, 0))


def _repeated(policy: Policy, severity: str, calling: Calling, now: datetime) -> Calling:
	repeats = calling.repeats + 1
	return replace(calling, repeats=repeats, next=_again(policy, policy.steps[severity], now, repeats))


def _moments(policy: Policy, severity: str, calling: Calling) -> list[tuple[int, datetime]]:
	assert calling.since is not None  # noqa: S101 (callers look)
	return [(step.tier, _moment(policy, step, calling.since)) for step in policy.steps[severity]]


def _moment(policy: Policy, step: Step, since: datetime, *, at_least: bool = False) -> datetime:
	after = step.after
	if at_least and after.around_the_clock < _SHORTEST_SILENCE.around_the_clock:
		after = _SHORTEST_SILENCE
	return policy.after(since, after, step.business_hours)


def _again(policy: Policy, steps: tuple[Step, ...], last: datetime, repeats: int) -> datetime:
	"""Return when the last call is repeated: after the time between the last two tiers, then after twice as long."""
	working = steps[-1].business_hours
	waits = [policy.length(step.after, working) for step in steps[-2:]]
	gap = max(
		waits[-1] - waits[0] if len(waits) == 2 else waits[0], policy.length(_SHORTEST_SILENCE, working)
	)
	longest = policy.length(_LONGEST_WORKING_SILENCE if working else _LONGEST_SILENCE, working)
	wait = min(gap * 2 ** min(repeats, 10), max(gap, longest))
	return policy.add(last, wait, working)


def call_text(call: Call, severity: str, category: str, now: datetime) -> str:
	"""Say in the timeline who is called and why, and that it is late where it is."""
	roles = PATHS.get(category, PATHS["Technical"])
	who = ", ".join(f"E{tier} ({roles[tier - 1]})" for tier in call.tiers)
	texts = {
		"new": _("This is an {severity}. Called at once: {who}."),
		"unanswered": _("Nobody has acknowledged this {severity} yet. Called: {who}."),
		"repeated": _("Still nobody has acknowledged this {severity}. Called again: {who}."),
		"quiet": _("It was acknowledged, and then nothing was heard for too long. Called: {who}."),
	}
	text = texts[call.why].format(severity=severity, who=who)
	if now - call.due <= _LATE:
		return text
	late = _("The call was due {duration} ago; nobody looked in between.")
	return f"{text} {late.format(duration=in_words(now - call.due))}"


def people_text(names: Sequence[str], missing: Sequence[int], by_phone: Sequence[str] = ()) -> str:
	"""Say in the timeline whom the call went to, where the settings name nobody, and whom a person must call.

	Args:
		names: Who was told.
		missing: Tiers for which nobody is listed whom the console can reach.
		by_phone: Those whom it cannot reach.
	"""
	said = [_("Told: {names}.").format(names=", ".join(names)) if names else _("Nobody could be told.")]
	if missing and names:
		gap = _(
			"Recovery Settings list nobody for {tiers} whom the console can reach: the site's managers were told instead."
		)
		said.append(gap.format(tiers=", ".join(f"E{tier}" for tier in missing)))
	if by_phone:
		text = _("The console cannot reach {names}: call them, the contacts card has their numbers.")
		said.append(text.format(names=", ".join(by_phone)))
	elif not names:
		said.append(
			_(
				"List somebody in Recovery Settings who has an e-mail address or a user; Error Log may say more."
			)
		)
	return " ".join(said)
