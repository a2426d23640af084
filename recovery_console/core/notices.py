"""Notices: what is told to whom, and what becomes of one that could not be sent. Pure functions."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from recovery_console.core.record import dataclass

#: So often a notice is tried before it is given up: over about three hours.
MOST_ATTEMPTS = 9
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
#: A receiver may ask for a longer wait than ours, but not for a longer one than this.
LONGEST_ASKED = timedelta(hours=6)
#: A notice that is "Sending" for longer lost the process that sent it: jobs are ended after five minutes.
LOST_AFTER = timedelta(minutes=10)
#: These speak of mail that does not leave. Others of the family are about mail that comes in, or about texts.
MAIL_DOES_NOT_LEAVE = frozenset(
	{
		"email.account_login",
		"email.given_up",
		"email.oauth",
		"email.outgoing_account",
		"email.retrying",
		"email.server",
		"email.smtp_probe",
		"email.starving",
		"email.stuck_sending",
		"email.switched_off",
	}
)


class Kind(str, enum.Enum):
	"""What a notice tells."""

	OPENED = "Opened"
	WORSE = "Worse"
	ESCALATED = "Escalated"
	BREACHED = "Breached"
	ACKNOWLEDGED = "Acknowledged"
	MITIGATED = "Mitigated"
	RESOLVED = "Resolved"
	REOPENED = "Reopened"
	REVIEW_DUE = "Review Due"
	ACTION_DUE = "Action Due"
	DUTY_DUE = "Duty Due"
	DIGEST = "Digest"
	COLLECTED = "Collected"
	TEST = "Test"

	__str__ = str.__str__

	@property
	def is_trouble(self) -> bool:
		"""Whether it brings bad news: silenced incidents and those beneath another one bring none."""
		return self in _TROUBLE

	@property
	def is_relief(self) -> bool:
		"""Whether it brings good news, which only those want who had the bad ones."""
		return self in (Kind.ACKNOWLEDGED, Kind.MITIGATED, Kind.RESOLVED)


_TROUBLE = (Kind.OPENED, Kind.WORSE, Kind.ESCALATED, Kind.BREACHED, Kind.REOPENED)


class State(str, enum.Enum):
	"""Where a notice stands."""

	HELD = "Held"
	WAITING = "Waiting"
	SENDING = "Sending"
	FAILED = "Failed"
	SENT = "Sent"
	COLLECTED = "Collected"
	GIVEN_UP = "Given Up"

	__str__ = str.__str__


#: These are still to be sent.
PENDING = (State.HELD, State.WAITING, State.SENDING, State.FAILED)

MAIL, DESK, WEBHOOK, SLACK, TELEGRAM = "E-mail", "Desk", "Webhook", "Slack", "Telegram"
#: Quick ones first: a mail server that does not answer must not keep the others waiting.
QUICKEST_FIRST = (DESK, WEBHOOK, SLACK, TELEGRAM, MAIL)
#: Who is told in Desk where no other way is left.
LAST_RESORT = "Recovery Manager, System Manager"


@dataclass(frozen=True)
class Way:
	"""A Recovery Channel, as far as it decides who is told.

	Args:
		name: Its name.
		kind: E-mail, Desk, Webhook, Slack or Telegram.
		address: E-mail: addresses with commas. Desk: users or roles with commas. Telegram: the chat.
		least_severity: Incidents that are less severe are not told here.
		is_fallback: Used only when mail is broken.
		digests: Whether digests go here.
		ignores_quiet_hours: Whether it is told by night, too.
		most_per_hour: More notices in an hour are collected in one; 0 is no limit.
	"""

	name: str
	kind: str
	address: str = ""
	least_severity: str = "S4"
	is_fallback: bool = False
	digests: bool = False
	ignores_quiet_hours: bool = False
	most_per_hour: int = 20

	def wants(self, severity: str) -> bool:
		"""Tell whether incidents of this severity are told here."""
		return severity <= self.least_severity


@dataclass(frozen=True)
class Contact:
	"""A person of Recovery Settings, as far as telling them needs it."""

	name: str
	email: str = ""
	user: str = ""
	channel: str = ""


@dataclass(frozen=True)
class Destination:
	"""Where a notice goes.

	Args:
		kind: E-mail, Desk, Webhook, Slack or Telegram.
		channel: The Recovery Channel; empty where a contact is told directly.
		address: To whom, for e-mail, Desk and Telegram.
		person: Name of the contact; empty where nobody in particular is told.
	"""

	kind: str
	channel: str = ""
	address: str = ""
	person: str = field(default="", compare=False)


def destinations_of(way: Way, person: str = "") -> list[Destination]:
	"""Return where a channel leads: each mail address by itself, so that a wrong one is no harm to the others."""
	if way.kind != MAIL:
		return [Destination(way.kind, way.name, way.address, person)]
	addresses = [part.strip() for part in way.address.replace("\n", ",").split(",")]
	return [Destination(way.kind, way.name, address, person) for address in addresses if address]


def chosen_destinations(
	kind: Kind,
	severity: str,
	ways: Sequence[Way],
	contacts: Iterable[Contact] = (),
	told: Iterable[Destination] = (),
) -> list[Destination]:
	"""Return to whom a notice goes.

	Good news goes to those who were told of the trouble. Other notices go to the contacts that were named, and
	where none of these can be reached, or none was named, to every channel that wants this severity.

	Args:
		kind: What it tells.
		severity: The incident's.
		ways: Every channel that is enabled.
		contacts: Whom to tell; nobody in particular when empty.
		told: Who was told of this incident before.
	"""
	if kind.is_relief:
		enabled = {way.name for way in ways}
		return _once(place for place in told if not place.channel or place.channel in enabled)
	by_name = {way.name: way for way in ways}
	people = [place for contact in contacts for place in _ways_to(contact, by_name)]
	if people:
		return _once(people)
	wanting = [way for way in ways if way.wants(severity) and not way.is_fallback]
	return _once(place for way in wanting for place in destinations_of(way))


def _ways_to(contact: Contact, ways: dict[str, Way]) -> Iterable[Destination]:
	if contact.channel in ways:
		yield from destinations_of(ways[contact.channel], contact.name)
	if contact.email:
		yield Destination(MAIL, "", contact.email, contact.name)
	if contact.user:
		yield Destination(DESK, "", contact.user, contact.name)


def _once(places: Iterable[Destination]) -> list[Destination]:
	return list(dict.fromkeys(places))


def instead_of_mail(ways: Sequence[Way], severity: str = "") -> list[Destination]:
	"""Return who is told when mail is broken: the fallback channels, else whoever looks after the site in Desk.

	Args:
		ways: Every channel that is enabled.
		severity: The incident's; empty where it is about none.
	"""
	used = [way for way in ways if way.is_fallback and way.kind != MAIL and way.wants(severity)]
	return [place for way in used for place in destinations_of(way)] or [Destination(DESK, "", LAST_RESORT)]


def key_of(kind: str, incident: str, mark: str, place: Destination) -> str:
	"""Return the key of which there is one notice at most.

	Args:
		kind: What it tells.
		incident: Name of the incident; empty where it is about none.
		mark: What makes this occasion another one than the last of its kind.
		place: Where it goes.
	"""
	said = [kind, incident, mark, place.kind, place.channel, place.address]
	return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Failure:
	"""Why a notice could not be sent.

	Args:
		reason: In a sentence, free of secrets.
		again: Whether another attempt makes sense.
		wait: How long the receiver asks to wait; None where it does not say.
		uncertain: Whether it may have arrived all the same.
	"""

	reason: str
	again: bool = True
	wait: timedelta | None = None
	uncertain: bool = False


def after_failure(
	attempts: int, failure: Failure, now: datetime, chance: float
) -> tuple[State, datetime | None]:
	"""Return what becomes of a notice that could not be sent, and when it is tried again.

	Waits double from half a minute to an hour. Chance takes up to a fifth off, so that what failed together does
	not come back together.

	Args:
		attempts: How many there were, with this one.
		failure: What went wrong.
		now: The present moment, aware.
		chance: A number from 0 to 1.
	"""
	if not failure.again or attempts >= MOST_ATTEMPTS:
		return State.GIVEN_UP, None
	wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (1 - chance / 5)
	if failure.wait is not None:
		wait = max(wait, min(failure.wait, LONGEST_ASKED))
	return State.FAILED, now + wait


def room_at(severity: str, most_per_hour: int, sent: Sequence[datetime], now: datetime) -> datetime | None:
	"""Return when a channel has room for another notice; None when it has now.

	Args:
		severity: S1 may use twice as much room as others.
		most_per_hour: The channel's limit; 0 is none.
		sent: When notices were sent there, at least those of the last hour.
		now: The present moment, aware.
	"""
	hour = timedelta(hours=1)
	most = most_per_hour * (2 if severity == "S1" else 1)
	recent = sorted(at for at in sent if at > now - hour)
	if not most_per_hour or len(recent) < most:
		return None
	return recent[len(recent) - most] + hour
