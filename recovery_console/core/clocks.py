"""The four clocks of an incident: acknowledge, mitigate, resolve, review. Pure functions of the moment.

They are kept as due moments in UTC, so no change of clocks and no restart moves them. A breach is found by whoever
looks next, and is stamped with the moment at which it happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core import escalation
from recovery_console.core.errors import UsageError
from recovery_console.core.escalation import Call, Calling
from recovery_console.core.finding import _
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.record import dataclass
from recovery_console.core.response import ACKNOWLEDGE, CLOCKS, MITIGATE, RESOLVE, REVIEW, Policy
from recovery_console.core.times import UTC

#: What the clock of resolving may wait for.
PAUSE_KINDS = ("Vendor", "Customer")
#: What the timeline says when a snooze ends.
WOKEN = _("The snooze has ended.")
_LATE_TEXTS = {
	ACKNOWLEDGE: _("Nobody acknowledged it in the time that a {severity} has."),
	MITIGATE: _("Its effects were not ended in the time that a {severity} has."),
	RESOLVE: _("Its cause was not removed in the time that a {severity} has."),
	REVIEW: _("Its review was not signed in the time that a {severity} has."),
}
_S = IncidentStatus
#: Which clocks end when an incident comes to a status.
_ENDS: Mapping[IncidentStatus, tuple[str, ...]] = {
	_S.DETECTED: (),
	_S.REOPENED: (),
	_S.ACKNOWLEDGED: (ACKNOWLEDGE,),
	_S.INVESTIGATING: (ACKNOWLEDGE,),
	_S.MITIGATED: (ACKNOWLEDGE, MITIGATE),
	_S.RESOLVED: (ACKNOWLEDGE, MITIGATE, RESOLVE),
	_S.CLOSED: CLOCKS,
}


@dataclass(frozen=True)
class Clock:
	"""One clock.

	Args:
		due: When it runs out; None: it has no end, or waits.
		ended: When it was stopped in earnest; None: it runs.
		breached: When it ran out; None: it did not.
	"""

	due: datetime | None = None
	ended: datetime | None = None
	breached: datetime | None = None

	@property
	def runs_out(self) -> datetime | None:
		"""When the breach happens that is still to be found; None where there is none to find."""
		return self.due if self.ended is None and self.breached is None else None


@dataclass(frozen=True)
class Pause:
	"""A time in which the clock of resolving stood still; ``until`` is None while it does."""

	since: datetime
	until: datetime | None = None


@dataclass(frozen=True)
class Clocks:
	"""Everything about an incident that is timed.

	Args:
		since: When it was detected, or reopened.
		severity: For which severity the moments were worked out.
		clocks: By name; a clock that a severity has not is not in it.
		pauses: When the clock of resolving stood still.
		resolved: When the cause was gone; the review is timed from there.
		calling: How far the calling of people has come.
		snoozed: Until when nobody is called.
		untold: Breaches that are in nobody's timeline yet: which clock, and when.
	"""

	since: datetime
	severity: str
	clocks: Mapping[str, Clock] = field(default_factory=dict)
	pauses: tuple[Pause, ...] = ()
	resolved: datetime | None = None
	calling: Calling = field(default_factory=Calling)
	snoozed: datetime | None = None
	untold: tuple[tuple[str, datetime], ...] = ()

	@property
	def paused(self) -> bool:
		return bool(self.pauses) and self.pauses[-1].until is None

	def clock(self, name: str) -> Clock:
		"""Return one of the four, also one that this severity has not."""
		return self.clocks.get(name, Clock())


@dataclass(frozen=True)
class Swept:
	"""What has come to pass when somebody looks.

	Args:
		clocks: The clocks as they are now.
		breaches: Which clocks ran out, each with the moment at which it did, earliest first.
		call: Whom to call now; None: nobody.
		woken: The snooze has ended.
	"""

	clocks: Clocks
	breaches: tuple[tuple[str, datetime], ...] = ()
	call: Call | None = None
	woken: bool = False


def start(policy: Policy, severity: str, since: datetime) -> Clocks:
	"""Start the clocks of an incident that was detected, or has come back."""
	return _timed(policy, Clocks(since, severity, calling=escalation.begin(policy, severity, since)))


def with_status(policy: Policy, clocks: Clocks, status: str, now: datetime) -> Clocks:
	"""Return the clocks after an incident came to a status.

	A clock that is stopped too late was breached when it ran out, even when nobody looked in between.
	"""
	clocks = _settled(clocks, now)
	entered = IncidentStatus(status)
	if entered is _S.REOPENED:
		return replace(start(policy, clocks.severity, now), untold=clocks.untold)
	if not entered.is_open:
		clocks = replace(_closed_pause(clocks, now), resolved=clocks.resolved or now, snoozed=None)
		clocks = _timed(policy, clocks)
	after = {
		name: replace(clock, ended=_ended(name, clock, entered, now)) for name, clock in clocks.clocks.items()
	}
	return replace(clocks, clocks=after, calling=_called(policy, clocks, entered, now))


def _ended(name: str, clock: Clock, entered: IncidentStatus, now: datetime) -> datetime | None:
	if name in _ENDS[entered]:
		return clock.ended or now
	if name == MITIGATE and entered in (_S.ACKNOWLEDGED, _S.INVESTIGATING):
		return None  # it was not back after all
	return clock.ended


def _called(policy: Policy, clocks: Clocks, entered: IncidentStatus, now: datetime) -> Calling:
	if entered in (_S.ACKNOWLEDGED, _S.INVESTIGATING):
		return escalation.calm(policy, clocks.severity, clocks.calling, max(now, clocks.snoozed or now))
	return clocks.calling if entered is _S.DETECTED else Calling()


def with_severity(policy: Policy, clocks: Clocks, severity: str, now: datetime) -> Clocks:
	"""Return the clocks under another severity: timed from the detection; what was breached stays breached.

	Where it became worse, those are called at once who are called at once for such an incident.
	"""
	if severity == clocks.severity:
		return clocks
	calling, since = clocks.calling, max(now, clocks.snoozed or now)
	if calling.answered:
		calling = escalation.calm(policy, severity, calling, since)
	elif calling.since is not None and severity < clocks.severity:
		calling = escalation.begin(policy, severity, since)
	else:
		calling = escalation.retimed(policy, severity, calling)
	return _timed(policy, replace(_settled(clocks, now), severity=severity, calling=calling))


def pause(policy: Policy, clocks: Clocks, kind: str, now: datetime) -> Clocks:
	"""Let the clock of resolving stand still, because a vendor or a customer has the next move.

	Raises:
		UsageError: It waits for something else, waits already, or has ended.
	"""
	if kind not in PAUSE_KINDS:
		raise UsageError(
			_("The clock waits for a vendor or a customer only, not for “{kind}”.").format(kind=kind[:40]),
			remedy=_("Name one of: {kinds}.").format(kinds=", ".join(PAUSE_KINDS)),
		)
	if clocks.paused or clocks.clock(RESOLVE).ended is not None:
		raise UsageError(
			_("The clock of resolving stands still already."),
			remedy=_("Let it go on first, then pause it for the other reason."),
		)
	clocks = _settled(clocks, now)
	calling = replace(clocks.calling, next=None) if clocks.calling.answered else clocks.calling
	return _timed(policy, replace(clocks, pauses=(*clocks.pauses, Pause(now)), calling=calling))


def go_on(policy: Policy, clocks: Clocks, now: datetime) -> Clocks:
	"""Let the clock of resolving go on; the time in which it stood still does not count.

	Raises:
		UsageError: It does not stand still.
	"""
	if not clocks.paused:
		raise UsageError(
			_("The clock of resolving does not stand still."), remedy=_("There is nothing to do: it runs.")
		)
	return heard(policy, _timed(policy, _closed_pause(_settled(clocks, now), now)), now)


def _closed_pause(clocks: Clocks, now: datetime) -> Clocks:
	if not clocks.paused:
		return clocks
	return replace(clocks, pauses=(*clocks.pauses[:-1], Pause(clocks.pauses[-1].since, now)))


def snooze(policy: Policy, clocks: Clocks, until: datetime | None, now: datetime) -> Clocks:
	"""Call nobody until a moment, and then begin anew; None: call from now on."""
	calling, since = clocks.calling, until or now
	if calling.answered:
		calling = escalation.calm(policy, clocks.severity, calling, since)
	elif calling.since is not None:
		calling = escalation.begin(policy, clocks.severity, since)
	return replace(clocks, calling=calling, snoozed=until)


def put_off(clocks: Clocks, until: datetime) -> Clocks:
	"""Put off the next call, because something silences the incident; the clocks run on."""
	calling = clocks.calling
	if calling.next is None or calling.next >= until:
		return clocks
	return replace(clocks, calling=replace(calling, next=until))


def heard(policy: Policy, clocks: Clocks, at: datetime) -> Clocks:
	"""Return the clocks after a sign of life of those who acknowledged the incident."""
	calling = clocks.calling
	acknowledged = calling.answered or clocks.clock(ACKNOWLEDGE).ended is not None
	if not acknowledged or clocks.paused or calling.since is None or at <= calling.since:
		return clocks
	return replace(clocks, calling=escalation.calm(policy, clocks.severity, calling, at))


def reviewed(clocks: Clocks, now: datetime) -> Clocks:
	"""Return the clocks after the review was signed."""
	clocks = _settled(clocks, now)
	if REVIEW not in clocks.clocks:
		return clocks
	signed = replace(clocks.clocks[REVIEW], ended=clocks.clocks[REVIEW].ended or now)
	return replace(clocks, clocks={**clocks.clocks, REVIEW: signed})


def next_moment(clocks: Clocks) -> datetime | None:
	"""Return the nearest moment at which something comes to pass; None: never."""
	moments = [clock.runs_out for clock in clocks.clocks.values()]
	moments += [clocks.calling.next, clocks.snoozed]
	moments += [moment for _name, moment in clocks.untold]
	return min((moment for moment in moments if moment is not None), default=None)


def sweep(policy: Policy, clocks: Clocks, now: datetime) -> Swept:
	"""Work out what has come to pass until now. Doing so again finds nothing."""
	woken = clocks.snoozed is not None and clocks.snoozed <= now
	settled = _settled(clocks, now)
	calling, call = escalation.due_calls(policy, clocks.severity, clocks.calling, now)
	after = replace(settled, calling=calling, snoozed=None if woken else clocks.snoozed, untold=())
	return Swept(after, tuple(sorted(settled.untold, key=lambda breach: breach[1])), call, woken)


def _settled(clocks: Clocks, now: datetime) -> Clocks:
	"""Stamp what ran out until now with the moment at which it did, before anything moves that moment."""
	found = {
		name: clock.runs_out
		for name, clock in clocks.clocks.items()
		if clock.runs_out and clock.runs_out <= now
	}
	stamped = {
		name: replace(clock, breached=found[name]) if name in found else clock
		for name, clock in clocks.clocks.items()
	}
	return replace(clocks, clocks=stamped, untold=(*clocks.untold, *found.items()))


def _timed(policy: Policy, clocks: Clocks) -> Clocks:
	"""Work out when each clock is due; those that have ended keep what they had."""
	timed = {}
	for name in CLOCKS:
		known = clocks.clocks.get(name)
		if known is not None and known.ended is not None:
			timed[name] = known
			continue
		due = _due(policy, clocks, name)
		if due is not None or known is not None or (name == RESOLVE and clocks.paused):
			timed[name] = replace(known or Clock(), due=due)
	return replace(clocks, clocks=timed)


def _due(policy: Policy, clocks: Clocks, name: str) -> datetime | None:
	times = policy.times[clocks.severity]
	duration = times.of(name)
	since = clocks.resolved if name == REVIEW else clocks.since
	if duration is None or since is None:
		return None
	if name != RESOLVE or not clocks.pauses:
		return policy.after(since, duration, times.business_hours)
	return _due_with_pauses(policy, clocks, policy.length(duration, times.business_hours))


def _due_with_pauses(policy: Policy, clocks: Clocks, left: timedelta) -> datetime | None:
	"""Return when so much time has passed outside the pauses; None while it stands still."""
	working = policy.times[clocks.severity].business_hours
	since = clocks.since
	for stood_still in clocks.pauses:
		passed = policy.between(since, stood_still.since, working)
		if passed >= left:
			break
		if stood_still.until is None:
			return None
		left -= passed
		since = stood_still.until
	return policy.add(since, left, working)


def breach_text(clock: str, severity: str) -> str:
	"""Say in the timeline which clock ran out."""
	return _LATE_TEXTS[clock].format(severity=severity)


def as_json(clocks: Clocks) -> str:
	"""Write clocks as documents keep them: all moments in UTC."""
	data = {
		"since": clocks.since,
		"severity": clocks.severity,
		"clocks": {name: vars(clock) for name, clock in clocks.clocks.items()},
		"pauses": [vars(pause) for pause in clocks.pauses],
		"resolved": clocks.resolved,
		"calling": vars(clocks.calling),
		"snoozed": clocks.snoozed,
		"untold": clocks.untold,
	}
	return json.dumps(data, default=lambda at: at.astimezone(UTC).isoformat())


def from_json(text: str) -> Clocks:
	"""Read what ``as_json`` wrote."""
	data = json.loads(text)
	return Clocks(
		since=datetime.fromisoformat(data["since"]),
		severity=data["severity"],
		clocks={name: Clock(**_moments(clock)) for name, clock in data["clocks"].items()},
		pauses=tuple(Pause(**_moments(pause)) for pause in data["pauses"]),
		resolved=_moment(data["resolved"]),
		calling=Calling(**_moments(data["calling"])),
		snoozed=_moment(data["snoozed"]),
		untold=tuple((name, datetime.fromisoformat(at)) for name, at in data["untold"]),
	)


def due_text(moment: datetime | None) -> str:
	"""Write a moment for ``next_due``, whose texts compare as moments do: UTC, to the second. Empty: never.

	Rounded up, so that nobody looks a moment too early and finds nothing.
	"""
	if moment is None:
		return ""
	exact = moment.astimezone(UTC)
	up = timedelta(seconds=1) if exact.microsecond else timedelta()
	return (exact + up).isoformat(timespec="seconds")


def _moments(fields: Mapping[str, Any]) -> dict[str, Any]:
	"""Read the moments among some fields; numbers and switches stay."""
	return {name: _moment(value) if isinstance(value, str) else value for name, value in fields.items()}


def _moment(value: str | None) -> datetime | None:
	return datetime.fromisoformat(value) if value else None
