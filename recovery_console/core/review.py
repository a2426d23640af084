"""The review of an incident: what the record says by itself, when it is due, and what was signed. Pure functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.timeline import EventKind, Line, first_broken
from recovery_console.core.times import in_words

#: A review of these severities is drafted by itself and due this long after the incident is resolved.
DUE_AFTER = {"S1": timedelta(hours=24), "S2": timedelta(hours=48)}
#: Somebody is reminded this long before a review or an action item is due, when it is, and then every day.
REMIND_BEFORE = timedelta(hours=4)
REMIND_EVERY = timedelta(hours=24)
#: What a person must have written before a review can be signed, and what the field is called.
MUST_SAY = {
	"root_cause": _("Root Cause"),
	"resolution": _("What Was Done"),
	"lessons": _("Lessons"),
	"prevention": _("What Prevents It"),
	"documentation_updates": _("Documents to Update"),
}
#: The texts of a review that a signature covers, with the facts and the times; not the action items, which go on.
SIGNED_TEXTS = (
	"summary",
	"impact_text",
	"features_affected",
	"data_loss",
	"data_loss_details",
	"root_cause",
	"resolution",
	"went_well",
	"could_improve",
	"lessons",
	"prevention",
	"documentation_updates",
	"took_part",
)
#: The six moments of a review, in their order.
MOMENTS = {
	"detected": _("Detected"),
	"investigated": _("Investigation began"),
	"cause_found": _("Cause found"),
	"mitigation_applied": _("Mitigation applied"),
	"restored": _("Service restored"),
	"closed": _("Closed"),
}
#: Lines of a timeline that a reader in a hurry needs.
_KEY = frozenset(
	kind.value
	for kind in EventKind
	if kind not in (EventKind.SEEN, EventKind.SNAPSHOT, EventKind.MAIL, EventKind.NOTIFIED, EventKind.BENEATH)
)


@dataclass(frozen=True)
class Clock:
	"""One of the four times of an incident.

	Args:
		name: acknowledge, mitigate, resolve or review.
		due: By when; None where nothing asks for it.
		reached: When it happened; None while it did not.
		late_since: The moment since which the sweeper found it late; None where it did not.
		began: What the time is counted from.
	"""

	name: str
	due: datetime | None
	reached: datetime | None
	late_since: datetime | None
	began: datetime | None

	@property
	def took(self) -> timedelta | None:
		"""How long it took from the start to the end; None while it is not over."""
		return self.reached - self.began if self.reached and self.began else None

	def kept(self, now: datetime) -> bool | None:
		"""Tell whether the target was kept; None where there is none, or where it is still open and not late."""
		if self.due is None:
			return None
		if self.late_since is not None:
			return False
		if self.reached is not None:
			return self.reached <= self.due
		return False if now > self.due else None


def due_of(severity: str, resolved: datetime | None, given: datetime | None) -> datetime | None:
	"""Return by when a review is due: as the incident's clock says, else after the guides' time; None: it is optional.

	Args:
		severity: S1 to S4.
		resolved: When the incident was resolved, aware.
		given: The due time that the incident's clock holds, if any.
	"""
	if given is not None:
		return given
	after = DUE_AFTER.get(severity)
	return resolved + after if after and resolved else None


def is_wanted(severity: str, *, beneath: bool, merged: bool) -> bool:
	"""Tell whether a review is drafted without being asked for: the one above tells of those beneath it."""
	return severity in DUE_AFTER and not beneath and not merged


def next_reminder(due: datetime | None, now: datetime) -> datetime | None:
	"""Return when somebody is to be reminded next of what is due; None where nothing is due.

	Shortly before, when it is due, and every day after that, counted from the due time, so that a sweeper which
	comes late does not move the times.
	"""
	if due is None:
		return None
	for moment in (due - REMIND_BEFORE, due):
		if now < moment:
			return moment
	return due + REMIND_EVERY * ((now - due) // REMIND_EVERY + 1)


def reminder_text(what: str, due: datetime, now: datetime) -> str:
	"""Say how soon something is due, or how late it is."""
	if now < due:
		return _("{what} is due in {time}.").format(what=what, time=in_words(due - now))
	if now - due < timedelta(minutes=2):
		return _("{what} is due now.").format(what=what)
	return _("{what} was due {time} ago.").format(what=what, time=in_words(now - due))


def key_lines(lines: Iterable[Line]) -> list[Line]:
	"""Choose the lines that tell the story: the first sighting, and whatever somebody did or decided."""
	return [line for line in lines if line.number == 1 or line.event in _KEY]


def moments(
	incident: Mapping[str, datetime | None], lines: Sequence[Line], cause: str
) -> dict[str, datetime | None]:
	"""Propose the six moments of a review from what is on record; a person may correct them.

	Args:
		incident: ``first_seen``, ``acknowledged_at``, ``mitigated_at``, ``resolved_at``, ``closed_at``, all aware.
		lines: Its timeline, oldest first.
		cause: What the finding says why; where it says so, the cause was found when it was detected.
	"""
	detected = incident["first_seen"]
	repaired = _first(lines, EventKind.REPAIRED)
	restored = incident["mitigated_at"] or incident["resolved_at"]
	return {
		"detected": detected,
		"investigated": _first(lines, EventKind.STATUS, "investigating") or incident["acknowledged_at"],
		"cause_found": detected if cause.strip() else None,
		"mitigation_applied": repaired or incident["mitigated_at"],
		"restored": restored,
		"closed": incident["closed_at"],
	}


def _first(lines: Sequence[Line], kind: EventKind, word: str = "") -> datetime | None:
	return next(
		(line.at for line in lines if line.event == kind.value and word in line.detail.casefold()), None
	)


def keep_words(
	written: Mapping[str, str], drafted: Mapping[str, str], proposed: Mapping[str, str]
) -> dict[str, str]:
	"""Bring the drafted texts up to date and leave those alone that a person wrote or changed.

	Args:
		written: What the fields say now.
		drafted: What the console had put there.
		proposed: What it would put there now.
	"""
	return {
		field: text
		for field, text in proposed.items()
		if not (written.get(field) or "").strip() or written.get(field) == drafted.get(field)
	}


def lacking(texts: Mapping[str, str | None]) -> list[str]:
	"""Return what must be written before a review can be signed and is not, by the names of the fields."""
	return [label for field, label in MUST_SAY.items() if not (texts.get(field) or "").strip()]


@dataclass(frozen=True)
class Signature:
	"""Who signed what.

	Args:
		by: Name of the user.
		at: When, aware.
		digest: Of the texts, facts, times and the seal below.
		lines: How many lines the timeline had.
		seal: Seal of the last of them; empty where there was none.
	"""

	by: str
	at: datetime
	digest: str
	lines: int
	seal: str


def digest_of(review: str, incident: str, signed: Mapping[str, Any], seal: str) -> str:
	"""Return the digest of what a signature covers.

	Args:
		review: Name of the review.
		incident: Name of the incident.
		signed: The fields of ``SIGNED_TEXTS``, ``MOMENTS`` and ``facts``, as texts.
		seal: Seal of the last line of the incident's timeline.
	"""
	said = [review, incident, sorted((key, _text(value)) for key, value in signed.items()), seal]
	return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _text(value: Any) -> str:
	"""Write a value alike on every database: some return an empty text for none, and other ends of lines."""
	return "" if value is None else str(value).replace("\r\n", "\n").strip()


def changed_since(signature: Signature, digest: str, incident: str, lines: Sequence[Line]) -> list[str]:
	"""Say what was changed after a review was signed; nothing where it is as it was.

	Lines that were added later are no change: a timeline goes on.

	Args:
		signature: As it is stored.
		digest: Of the review as it reads now.
		incident: Name of the incident.
		lines: Its timeline as it reads now, oldest first.
	"""
	found = []
	if digest != signature.digest:
		found.append(_("The review does not read as it was signed."))
	then = lines[: signature.lines]
	broken = first_broken(incident, then)
	if broken is not None:
		text = _("Line {number} of the timeline is not as it was when the review was signed.")
		found.append(text.format(number=broken))
	elif len(then) < signature.lines or (then[-1].seal if then else "") != signature.seal:
		found.append(_("The timeline is not the one that was signed."))
	return found


def proposals(
	*, answering: Sequence[str], ran: Sequence[str], earlier: int, late: Sequence[str], cause: str
) -> list[str]:
	"""Return what the people who write a review should think of, from what is on record.

	Args:
		answering: Runbooks that answer the finding.
		ran: Runbooks that were run for the incident.
		earlier: How many reviewed incidents of the same problem there were before.
		late: Which of the four times were not kept.
		cause: What the finding says why.
	"""
	said = []
	if not answering:
		said.append(_("No runbook answers this problem: write down as one what was done by hand."))
	elif not set(answering) & set(ran):
		text = _("The runbook {runbook} answers this problem and was not run: say why, or correct it.")
		said.append(text.format(runbook=answering[0]))
	if earlier:
		text = _("It happened before: say why what was agreed on then did not prevent it ({count}).")
		said.append(text.format(count=earlier))
	if late:
		said.append(_("Say what would have kept the times: {clocks}.").format(clocks=", ".join(late)))
	if not cause.strip():
		said.append(_("The console did not name a cause: make the error text a known error."))
	return said


def in_short(title: str, detected: datetime | None, restored: datetime | None, count: int) -> str:
	"""Return the first sentence of a review."""
	title = redact_text(title).rstrip(".")
	if detected is None or restored is None:
		return _("{title}.").format(title=title)
	text = _("{title}. It lasted {time}; {count} affected.") if count else _("{title}. It lasted {time}.")
	return text.format(title=title, time=in_words(restored - detected), count=count)
