# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.model.document import Document
from frappe.utils import cast

from recovery_console.core import render_review
from recovery_console.core.people import MANAGER
from recovery_console.core.review import lacking
from recovery_console.in_site import review_items, review_page, review_signing, reviews

_SIGNATURE = ("signed_by", "signed_on", "signed_moment", "signed_digest", "signed_seal", "signed_lines")


class IncidentReview(Document):
	"""What was learned from an incident. Submitting it signs it."""

	def onload(self) -> None:
		"""Tell the form what is on record."""
		self.set_onload("record", review_signing.record(self))

	def before_insert(self) -> None:
		"""One that amends another has no signature yet; Desk copies that of the other."""
		if not self.amended_from or self.flags.from_console:
			return
		for field in _SIGNATURE:
			self.set(field, None)
		self.next_reminder = reviews.first_reminder(self.due)
		for row in self.action_items:
			row.update({"todo": None, "next_reminder": None})

	def validate(self) -> None:
		self.draft_key = self.incident if self.docstatus == 0 else None
		self._refuse_forgery()

	def before_submit(self) -> None:
		if not {MANAGER, "System Manager"} & set(frappe.get_roles()):
			frappe.throw(_("Only a Recovery Manager may sign a review."), frappe.PermissionError)
		missing = lacking(self.as_dict())
		if missing:
			message = _("Before it can be signed, the review must say: {0}. Nothing was signed.")
			frappe.throw(message.format(", ".join(_(label) for label in missing)))
		self.facts = reviews.with_checks(self.facts)

	def on_submit(self) -> None:
		review_signing.sign(self)
		review_items.follow_up(self)

	def on_update_after_submit(self) -> None:
		review_items.follow_up(self)

	def on_cancel(self) -> None:
		review_signing.withdraw(self)
		review_items.let_go(self)

	def as_page(self) -> str:
		"""Return the review as HTML for the print format: escaped, without secrets."""
		return render_review.as_html(review_page.page_of(self))

	def _refuse_forgery(self) -> None:
		"""What is on record is the console's to write. One that amends another keeps what that one had."""
		if self.flags.from_console:
			return
		before: Any = self.get_doc_before_save()
		if before is None and self.amended_from:
			before = frappe.get_doc(self.doctype, self.amended_from)
		if before is None:
			frappe.throw(
				_("A review is drafted from its incident: open the incident and press Draft Review.")
			)
		changed = [
			field.label or field.fieldname
			for field in self.meta.fields
			if field.read_only
			and not field.no_copy
			and field.fieldtype not in no_value_fields
			and not _same(field.fieldtype, self.get(field.fieldname), before.get(field.fieldname))
		]
		if changed or self._signature_forged():
			message = _("What is on record is written by the console and cannot be changed: {0}.")
			frappe.throw(message.format(", ".join(_(label) for label in changed) or _("Signature")))

	def _signature_forged(self) -> bool:
		"""Tell whether somebody wrote into the fields that signing writes, or changed them later."""
		before = self.get_doc_before_save()
		return any(
			not _same(
				self.meta.get_field(field).fieldtype, self.get(field), before.get(field) if before else None
			)
			for field in _SIGNATURE
		)


def _same(fieldtype: str, value: Any, other: Any) -> bool:
	"""Compare what was stored with what a browser or another server sent."""
	return cast(fieldtype, value or None) == cast(fieldtype, other or None)


def on_doctype_update() -> None:
	"""Let the database see to it that an incident has one draft at most."""
	frappe.db.add_unique("Incident Review", ["draft_key", "incident"], "recovery_one_draft_per_incident")
	frappe.db.add_index("Incident Review", ["next_reminder"], "recovery_review_reminder")
