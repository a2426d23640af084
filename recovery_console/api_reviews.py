"""The HTTP API of reviews, action items and duties."""

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core import render_review
from recovery_console.in_site import duties, review_items, review_page, reviews

_REVIEW = "Incident Review"
_OPERATORS = frozenset({"Recovery Operator", "Recovery Manager", "System Manager"})


@frappe.whitelist(methods=["POST"])
def refresh_review(review: str) -> dict[str, str]:
	"""Bring a draft up to date and ask the checks of its incident again. Permission: write on the review.

	What a person wrote stays; so does a review that was signed.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
	"""
	frappe.has_permission(_REVIEW, "write", review, throw=True)
	reviews.refresh(review)
	return {"name": review}


@frappe.whitelist(methods=["GET"])
def review_as_markdown(review: str) -> None:
	"""Download a review as Markdown, escaped and without secrets. Permission: print on the review.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
	"""
	text = render_review.as_markdown(review_page.page_of(_printable(review)))
	_download(f"{review}.md", text.encode())


@frappe.whitelist(methods=["GET"])
def review_as_html(review: str) -> None:
	"""Download a review as one HTML file that any browser prints. Permission: print on the review.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
	"""
	text = render_review.as_document(review_page.page_of(_printable(review)))
	_download(f"{review}.html", text.encode())


@frappe.whitelist(methods=["GET"])
def review_as_pdf(review: str) -> None:
	"""Download a review as PDF, made by Frappe's own means. Permission: print on the review.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
		frappe.ValidationError: HTTP 417. This machine cannot make a PDF; the message says why and what to do.
	"""
	_download(f"{review}.pdf", review_page.as_pdf(_printable(review)), kind="pdf")


@frappe.whitelist(methods=["POST"])
def finish_action_item(review: str, item: str, state: str = "Done", note: str = "") -> dict[str, str]:
	"""Say that an action item of a signed review is done, or was dropped. Role: its owner and Recovery Operators.

	Args:
		review: Name of the review.
		item: Name of the item's row.
		state: Open, In Progress, Done or Dropped.
		note: What was done, or why it was dropped.

	Raises:
		frappe.PermissionError: HTTP 403. It is not the user's.
		frappe.ValidationError: HTTP 417. There is no such item or state, or the review is not signed.
	"""
	owner = frappe.db.get_value(
		review_items.DOCTYPE, {"name": item, "parent": review, "docstatus": 1}, "owner_user"
	)
	if owner != frappe.session.user or owner is None:
		_only_operators()
	if owner is None or state not in ("Open", "In Progress", "Done", "Dropped"):
		frappe.throw(
			_("There is no such action item in a signed review, or no such state. Nothing was changed.")
		)
	review_items.finish(review, item, state, note[:1000])
	return {"name": item}


@frappe.whitelist(methods=["POST"])
def sign_off_duty(sign_off: str, note: str) -> dict[str, str]:
	"""Sign a duty off as a person. Role: that of the duty.

	Args:
		sign_off: Name of the Duty Sign-off.
		note: What was done and seen.

	Raises:
		frappe.PermissionError: HTTP 403. The user lacks the role.
		frappe.ValidationError: HTTP 417. It is over already, or nothing is noted.
	"""
	frappe.has_permission(duties.DOCTYPE, "read", sign_off, throw=True)
	duties.sign(sign_off, note[:4000], actor=frappe.session.user)
	return {"name": sign_off}


def _printable(review: str) -> Document:
	doc = frappe.get_doc(_REVIEW, review)
	frappe.has_permission(_REVIEW, "print", doc, throw=True)
	frappe.has_permission(_REVIEW, "read", doc, throw=True)
	return doc


def _only_operators() -> None:
	if not _OPERATORS & set(frappe.get_roles()):  # frappe.only_for lets everybody pass in tests
		frappe.throw(_("Only a Recovery Operator or Recovery Manager may do this."), frappe.PermissionError)


def _download(name: str, content: bytes, kind: str = "download") -> None:
	frappe.local.response.update({"filename": name, "filecontent": content, "type": kind})
