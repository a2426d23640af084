"""What is told elsewhere because mail, or another channel, does not work."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from recovery_console.core.notices import (
	DESK,
	LAST_RESORT,
	MAIL,
	MAIL_DOES_NOT_LEAVE,
	Destination,
	Kind,
	State,
	instead_of_mail,
)
from recovery_console.in_site import notices

_SILENT = (Kind.TEST.value, Kind.DIGEST.value)


def mail_trouble() -> str:
	"""Return the open incident that says that mail does not leave this site; empty where there is none."""
	found = frappe.get_all(
		"Incident",
		filters={
			"check_id": ("in", sorted(MAIL_DOES_NOT_LEAVE)),
			"status": ("not in", ["Resolved", "Closed"]),
		},
		pluck="name",
		order_by="severity asc, creation asc",
		limit=1,
	)
	return found[0] if found else ""


def write(notice: Any, now: datetime) -> int:
	"""Have others told what this notice could not tell, or may not be able to. Once for an event and receiver.

	Args:
		notice: The notice that failed, or whose mail will probably fail.
		now: The present moment, aware.
	"""
	if notice.kind in _SILENT:
		return 0
	if notice.stands_in_for:
		places = [Destination(DESK, "", LAST_RESORT)] if notice.channel_kind != DESK else []
	else:
		places = instead_of_mail(notices.enabled_ways(), notice.severity or "")
	written = [_instead(notice, place, now) for place in places]
	return sum(bool(name) for name in written)


def _instead(notice: Any, place: Destination, now: datetime) -> str | None:
	same_event = {
		"incident": notice.incident or ("is", "not set"),
		"kind": notice.kind,
		"happened": notice.happened,
	}
	if not notice.incident:
		same_event["title"] = notice.title
	told = frappe.db.exists(
		notices.DOCTYPE,
		{
			**same_event,
			"channel_kind": place.kind,
			"channel": place.channel or ("is", "not set"),
			"address": place.address or ("is", "not set"),
		},
	)
	if told:
		return None
	return notices.write(
		Kind(notice.kind),
		place,
		notice.title,
		f"instead|{notice.happened}|{notice.title}",
		incident=notice.incident or "",
		severity=notice.severity or "",
		detail=notice.detail or "",
		now=now,
		ways=notices.enabled_ways(),
		stands_in_for=notice.name,
		happened=notice.happened,
		message=notice.message if not notice.incident else None,
	)


def note(notice: Any) -> str:
	"""Say why a notice comes by this channel; empty where it is its usual one."""
	if not notice.stands_in_for:
		return ""
	other = frappe.db.get_value(
		notices.DOCTYPE, notice.stands_in_for, ["channel_kind", "channel", "state", "error"], as_dict=True
	)
	if other is None:
		return ""
	if (
		other.channel_kind == MAIL
		and other.state not in (State.FAILED.value, State.GIVEN_UP.value)
		and not other.error
	):
		text = _("It comes this way, too, because mail of this site is in trouble: {0}.")
		return text.format(mail_trouble() or _("see its incidents"))
	if other.channel_kind == MAIL:
		return _("It comes this way because it could not be sent by e-mail. {0}").format(other.error or "")
	text = _("It comes this way because the channel {0} did not work. {1}")
	return text.format(other.channel or other.channel_kind, other.error or "")
