"""What people may do with an incident, and what they must say. Pure functions; each refuses with a reason."""

from __future__ import annotations

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.incident import IncidentStatus, may_become, next_statuses
from recovery_console.core.people import MANAGER, OPERATOR
from recovery_console.core.severity import CATEGORIES, parse_severity
from recovery_console.core.silence import check_reason

#: What people call a change of status, and where it leads.
ACTS = {
	"acknowledge": IncidentStatus.ACKNOWLEDGED,
	"investigate": IncidentStatus.INVESTIGATING,
	"mitigate": IncidentStatus.MITIGATED,
	"resolve": IncidentStatus.RESOLVED,
	"close": IncidentStatus.CLOSED,
	"reopen": IncidentStatus.REOPENED,
}
#: What ends a record or joins two is a manager's; all else is an operator's.
_MANAGERS = frozenset({"close", "merge", "silence"})
#: Statuses that a person gives only with a note: whoever reads the record later asks for it.
_WITH_NOTE = frozenset({IncidentStatus.RESOLVED, IncidentStatus.REOPENED})
#: Incidents of these severities are closed when their review is signed.
REVIEWED = frozenset({"S1", "S2"})
#: By hand, an incident has this before its title as its fingerprint.
BY_HAND = "by-hand:"


def role_for(act: str) -> str:
	"""Return the role that somebody needs for an act, such as ``acknowledge`` or ``merge``."""
	return MANAGER if act in _MANAGERS else OPERATOR


def by_hand_fingerprint(title: str) -> str:
	"""Return what makes an incident that a person opened the same one: its title, however it is written."""
	return BY_HAND + " ".join(title.casefold().split())


def check_opening(title: str, severity: str, category: str) -> str:
	"""Refuse an incident without a title, or of an unknown kind; return its severity.

	Raises:
		UsageError: It cannot be opened so.
	"""
	if not title.strip():
		raise UsageError(_("It has no title."), remedy=_("Say in a few words what is wrong."))
	if category not in CATEGORIES:
		raise UsageError(
			_("{category} is no category.").format(category=repr(category)),
			remedy=_("It is one of {categories}.").format(categories=", ".join(CATEGORIES)),
		)
	return parse_severity(severity)


def status_of(act: str) -> str:
	"""Return the status to which an act leads.

	Raises:
		UsageError: There is no such act.
	"""
	if act not in ACTS:
		raise UsageError(
			_("There is no act {act}.").format(act=repr(act)),
			remedy=_("It is one of {acts}.").format(acts=", ".join(ACTS)),
		)
	return ACTS[act].value


def check_status(
	before: str, after: str, note: str, *, severity: str = "", reviewed: bool = True, merged: str = ""
) -> None:
	"""Refuse a status that may not follow, or that needs a note and has none.

	Args:
		before: The status until now.
		after: The one that a person gives.
		note: What the person says.
		severity: Of the incident.
		reviewed: Whether its review is signed.
		merged: Name of the incident into which it was merged.

	Raises:
		UsageError: It may not.
	"""
	check_lives(before, merged)
	if after not in {status.value for status in IncidentStatus} or not may_become(before, after):
		raise UsageError(
			_("An incident that is {before} cannot become {after}.").format(before=before, after=after),
			remedy=_("It can become {statuses}.").format(statuses=", ".join(next_statuses(before))),
		)
	if before != after and IncidentStatus(after) in _WITH_NOTE and not note.strip():
		raise UsageError(
			_("{after} needs a note.").format(after=after),
			remedy=_("Say in a sentence what resolved it, or why it is open again."),
		)
	if after == IncidentStatus.CLOSED and severity in REVIEWED and not reviewed and not note.strip():
		raise UsageError(
			_("An {severity} is closed when its review is signed, and it is not.").format(severity=severity),
			remedy=_("Sign the review, or say in a note why there is none."),
		)


def check_lives(status: str, merged: str = "") -> None:
	"""Refuse to change an incident that is over for good.

	Raises:
		UsageError: It was closed, or merged into another one.
	"""
	if merged:
		raise UsageError(
			_("It was merged into {incident}.").format(incident=merged),
			remedy=_("Do it with {incident}.").format(incident=merged),
		)
	if status == IncidentStatus.CLOSED:
		raise UsageError(
			_("The incident is closed."),
			remedy=_("What comes back opens a new one. Add a note to this one if it needs one."),
		)


def check_severity(before: str, after: str, reason: str) -> str:
	"""Refuse a severity without a reason; return it as it is kept.

	Raises:
		UsageError: There is no such severity, or no reason.
	"""
	severity = parse_severity(after)
	if severity != before:
		check_reason(reason)
	return severity


def check_note(text: str) -> None:
	"""Refuse an empty note.

	Raises:
		UsageError: It says nothing.
	"""
	if not text.strip():
		raise UsageError(_("The note is empty."), remedy=_("Say what you saw, did or decided."))


def check_merge(
	name: str, into: str, status: str, into_status: str, *, merged: str, into_merged: str
) -> None:
	"""Refuse to merge what is the same, is over, or was merged before.

	Raises:
		UsageError: It may not.
	"""
	if name == into:
		raise UsageError(_("An incident cannot be merged into itself."), remedy=_("Name the other one."))
	check_lives(status, merged)
	if into_merged:
		raise UsageError(
			_("{into} was itself merged into {incident}.").format(into=into, incident=into_merged),
			remedy=_("Merge into {incident}.").format(incident=into_merged),
		)
	if into_status == IncidentStatus.CLOSED:
		raise UsageError(
			_("{into} is closed.").format(into=into), remedy=_("Merge into an incident that is not closed.")
		)
