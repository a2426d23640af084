"""A review as it is shown to people: its documents, read for ``core.render_review``."""

import json
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_system_timezone, getdate
from frappe.utils.pdf import get_pdf

from recovery_console.core.render_review import Page, as_document
from recovery_console.core.review import MOMENTS, SIGNED_TEXTS, Clock, Signature
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import plain, review_facts, review_signing, timeline, utc

_PAPER = {
	"page-size": "A4",
	"margin-top": "16mm",
	"margin-bottom": "18mm",
	"margin-left": "15mm",
	"margin-right": "15mm",
}


def page_of(review: Document) -> Page:
	"""Return everything that a review shows, as it reads now."""
	incident = frappe.get_doc("Incident", review.incident)
	facts = json.loads(review.facts or "{}")
	lines = timeline.read(review.incident)
	named = {line.actor for line in lines} | {
		review.signed_by,
		*(row.owner_user for row in review.action_items),
	}
	named |= {run.get(field) for run in facts.get("runs", []) for field in ("requested_by", "approved_by")}
	return Page(
		name=review.name,
		site=frappe.local.site,
		facts=facts,
		texts={field: str(review.get(field) or "") for field in SIGNED_TEXTS},
		moments={field: _moment(review.get(field)) for field in MOMENTS},
		clocks=[*review_facts.clocks_of(incident), _own_clock(review, incident)],
		lines=lines,
		items=[_item(row) for row in review.action_items],
		due=_moment(review.due),
		signature=_signature(review),
		changes=review_signing.changes(review),
		zone=zone(get_system_timezone()),
		now=datetime.now(UTC),
		people=people(named),
		translate=frappe._,
	)


def as_pdf(review: Document) -> bytes:
	"""Return a review as PDF: by Frappe's own means, of a page that needs nothing from the network.

	Raises:
		frappe.ValidationError: This machine cannot make one; the message says why and what to do instead.
	"""
	page = as_document(page_of(review)).replace("</body>", f"{_footer(review.name)}</body>")
	try:
		return get_pdf(page, dict(_PAPER))
	except OSError as error:  # the program is missing, or it ended in an error
		frappe.throw(
			_("The PDF was not made: {0}").format(plain(str(error).strip().splitlines()[-1]))
			+ " "
			+ _(
				"Nothing was changed. Install wkhtmltopdf on the server, or download the review as HTML and print it."
			)
		)


def _footer(name: str) -> str:
	"""Return what stands at the foot of each page, in the form that Frappe looks for."""
	number = _("Page {0} of {1}").format('<span class="page"></span>', '<span class="topage"></span>')
	style = "font: 8pt Helvetica, Arial, sans-serif; color: #55606a; text-align: center"
	return f'<div id="footer-html" class="visible-pdf"><p style="{style}">{name} · {number}</p></div>'


def people(users: set[Any]) -> dict[str, str]:
	"""Return the names of people by user."""
	rows = frappe.get_all(
		"User", filters={"name": ("in", sorted(filter(None, users)) or [""])}, fields=["name", "full_name"]
	)
	return {row.name: row.full_name or row.name for row in rows}


def _item(row: Document) -> dict[str, Any]:
	return {
		"action": row.action,
		"kind": row.kind,
		"owner": people({row.owner_user}).get(row.owner_user, row.owner_user),
		"due": getdate(row.due).isoformat() if row.due else "",
		"state": row.state,
		"done_on": _moment(row.done_on),
		"note": row.note or "",
	}


def _own_clock(review: Document, incident: Document) -> Clock:
	"""Return the fourth time: from the end of the incident to the signature."""
	return Clock(
		name="review",
		due=_moment(review.due),
		reached=_moment(review.signed_on),
		late_since=_moment(incident.review_breached),
		began=_moment(incident.resolved_at),
	)


def _signature(review: Document) -> Signature | None:
	if not review.signed_digest:
		return None
	return review_signing.signature_of(review)


def _moment(stored: Any) -> datetime | None:
	return utc(get_datetime(stored)) if stored else None
