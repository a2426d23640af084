"""Signing a review, withdrawing the signature, and telling whether what was signed still reads the same."""

import json
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from recovery_console.core import review as rules
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import clocks, incident_actions, incident_record, local, timeline

_DOCTYPE = "Incident Review"


def sign(review: Document) -> None:
	"""Keep who signed and a digest of what was signed, tell the timeline, and close the incident. Not committed.

	The incident is locked first: no line comes between the seal that is signed and the one that tells of it.
	"""
	incident = incident_record.read(review.incident)
	lines = timeline.read(review.incident)
	seal = lines[-1].seal if lines else ""
	now = datetime.now(UTC).replace(microsecond=0)
	if not review.closed:
		review.db_set("closed", local(now), update_modified=False)
	fresh = frappe.get_doc(_DOCTYPE, review.name)  # as the database keeps it, which is what is compared later
	review.db_set(
		{
			"signed_by": frappe.session.user,
			"signed_on": local(now),
			"signed_moment": now.isoformat(timespec="seconds"),
			"signed_lines": len(lines),
			"signed_seal": seal,
			"signed_digest": rules.digest_of(review.name, review.incident, _signed(fresh), seal),
			"next_reminder": None,
		},
		update_modified=False,
	)
	clocks.reviewed(incident, now)
	incident_record.save(incident)
	_tell(review, _("The review {0} was signed. Digest: {1}").format(review.name, review.signed_digest), now)
	if incident.status == IncidentStatus.RESOLVED.value:
		incident_actions.set_status(
			incident.name, IncidentStatus.CLOSED.value, actor=frappe.session.user, note=review.name, now=now
		)


def withdraw(review: Document) -> None:
	"""Tell the timeline that a signature was taken back. Not committed."""
	_tell(review, _("The signature of the review {0} was withdrawn.").format(review.name), datetime.now(UTC))


def changes(review: Document) -> list[str]:
	"""Say what was changed since a review was signed; nothing where it reads the same, or was never signed."""
	if not review.signed_digest:
		return []
	signature = signature_of(review)
	digest = rules.digest_of(review.name, review.incident, _signed(review), signature.seal)
	return rules.changed_since(signature, digest, review.incident, timeline.read(review.incident))


def signature_of(review: Document) -> rules.Signature:
	"""Return the signature of a review that was signed."""
	return rules.Signature(
		by=review.signed_by,
		at=datetime.fromisoformat(review.signed_moment),
		digest=review.signed_digest,
		lines=review.signed_lines,
		seal=review.signed_seal or "",
	)


def record(review: Document) -> dict[str, Any]:
	"""Return what a form shows of the record: the facts, and whether the signature still holds."""
	return {**json.loads(review.facts or "{}"), "changes": [_(text) for text in changes(review)]}


def _signed(review: Document) -> dict[str, str]:
	"""Return what a signature covers, as texts that every database returns alike."""
	times = {field: _stamp(review.get(field)) for field in rules.MOMENTS}
	return {**{field: review.get(field) or "" for field in (*rules.SIGNED_TEXTS, "facts")}, **times}


def _stamp(stored: Any) -> str:
	return get_datetime(stored).strftime("%Y-%m-%d %H:%M:%S") if stored else ""


def _tell(review: Document, text: str, now: datetime) -> None:
	timeline.add(
		review.incident,
		EventKind.REVIEWED,
		text,
		actor=frappe.session.user,
		at=now,
		reference=(_DOCTYPE, review.name),
	)
