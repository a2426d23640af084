"""Problems that were seen and not yet confirmed: a blip opens no incident. Pure functions."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from recovery_console.core.record import dataclass
from recovery_console.core.sighting import Sighting

#: Looks that follow each other faster are one look: an impatient person confirms nothing.
LOOKS_APART = timedelta(minutes=1)
#: Between two diagnoses the check of a suspected problem looks again so often …
LOOK_EVERY = timedelta(minutes=3)
#: … for so long. Later the hourly diagnosis is enough.
LOOK_FOR = timedelta(hours=1)


class Verdict(str, enum.Enum):
	"""What becomes of a suspected problem."""

	SUSPECTED = "Suspected"
	CONFIRMED = "Confirmed"
	PASSED = "Passed"

	__str__ = str.__str__


@dataclass(frozen=True)
class Confirmation:
	"""How often a problem must be seen before it opens an incident.

	Args:
		looks: So many looks must see it; 1: the first is enough.
		of: Of so many latest ones, at least as many.
	"""

	looks: int = 2
	of: int = 3

	def __post_init__(self) -> None:
		if not 1 <= self.looks <= self.of:
			raise ValueError(f"{self.looks} of {self.of} looks cannot see anything.")


_USUAL = Confirmation()


@dataclass(frozen=True)
class Suspect:
	"""A problem that was seen and has no incident yet.

	Args:
		fingerprint: Which problem.
		check: Id of its check.
		looks: What the latest looks saw, oldest first: ``1`` it, ``0`` not.
		first: When it was first seen.
		last: When it was last looked at.
	"""

	fingerprint: str
	check: str
	looks: str
	first: datetime
	last: datetime


@dataclass(frozen=True)
class Judged:
	"""A suspected problem after a look.

	Args:
		suspect: As it is now.
		verdict: What becomes of it.
		sighting: As it was seen this time; None where it was not.
	"""

	suspect: Suspect
	verdict: Verdict
	sighting: Sighting | None


def judge(
	suspects: Iterable[Suspect],
	seen: Mapping[str, Sighting],
	looked: Collection[str],
	now: datetime,
	rule: Confirmation = _USUAL,
) -> list[Judged]:
	"""Work out what a look says about problems that have no incident: which are confirmed, which have passed.

	A check that could not look, or a look that came too soon after the last, says nothing.

	Args:
		suspects: Those that were suspected before.
		seen: Problems that were seen now and would open an incident, by fingerprint.
		looked: Ids of the checks that looked.
		now: When, aware.
		rule: How often it must be seen.

	Returns:
		Those about which something is known now that was not known before.
	"""
	before = {suspect.fingerprint: suspect for suspect in suspects}
	judged = []
	for fingerprint, suspect in before.items():
		if suspect.check in looked and now - suspect.last >= LOOKS_APART:
			judged.append(_judged(suspect, seen.get(fingerprint), now, rule))
	for fingerprint, sighting in seen.items():
		if fingerprint not in before:
			begun = Suspect(fingerprint, sighting.check, "", now, now)
			judged.append(_judged(begun, sighting, now, rule))
	return judged


def _judged(suspect: Suspect, sighting: Sighting | None, now: datetime, rule: Confirmation) -> Judged:
	looks = (suspect.looks + ("1" if sighting else "0"))[-rule.of :]
	after = Suspect(suspect.fingerprint, suspect.check, looks, suspect.first, now)
	if sighting and looks.count("1") >= rule.looks:
		return Judged(after, Verdict.CONFIRMED, sighting)
	if "1" not in looks[1 - rule.of :]:  # what the next look cannot confirm, it begins anew
		return Judged(after, Verdict.PASSED, sighting)
	return Judged(after, Verdict.SUSPECTED, sighting)


def to_look_again(suspects: Iterable[Suspect], now: datetime) -> set[str]:
	"""Return the ids of the checks that must look again now, between two diagnoses."""
	return {
		suspect.check
		for suspect in suspects
		if now - suspect.last >= LOOK_EVERY and now - suspect.first <= LOOK_FOR
	}
