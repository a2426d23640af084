# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from datetime import datetime

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document

from recovery_console.core import acting
from recovery_console.core.errors import UsageError
from recovery_console.core.incident import may_become, open_key
from recovery_console.core.redact import redact_text
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import plain, timeline

#: What people write on the form; each change is a line of the timeline.
_THEIRS = ("severity", "severity_reason", "category", "responder", "description", "business_impact")
#: What the console writes beside an open form: a person's copy of it may be older, and is not what they meant to say.
_BESIDE = ("lines", "impact", "first_snapshot", "last_snapshot", "open_key")

#: Of these, those that are never written by saving an incident: who saves one may have read it before the last line.
_BY_OTHERS = ("lines", "impact")


class Incident(Document):
	"""A problem from the moment it was seen until it is over: one per problem at a time."""

	def validate(self) -> None:
		self.open_key = open_key(self.fingerprint, self.status)
		before = self.get_doc_before_save()
		if before is None:
			return
		merged = self.flags.from_console and self.merged_into
		if not may_become(before.status, self.status) and not merged:
			message = _("An incident that is {0} cannot become {1}.")
			frappe.throw(message.format(_(before.status), _(self.status)))
		for field in _BY_OTHERS:
			self.set(field, before.get(field))
		if not self.flags.from_console:
			self._validate_what_a_person_wrote(before)

	def _validate_what_a_person_wrote(self, before: Document) -> None:
		for field in _BESIDE:
			self.set(field, before.get(field))
		self._refuse_forgery(before)
		for field in ("severity_reason", "description", "business_impact"):
			self.set(field, redact_text(self.get(field) or ""))
		if self.severity == before.severity:
			return
		from recovery_console.in_site.incident_actions import severity_chosen

		said = self.severity_reason if self.severity_reason != before.severity_reason else ""
		try:
			acting.check_lives(before.status, before.merged_into or "")
			acting.check_severity(before.severity, self.severity, said)
		except UsageError as error:
			frappe.throw(plain(f"{error.message} {error.changed} {error.remedy}"))
		severity_chosen(self, before.severity, datetime.now(UTC))

	def _refuse_forgery(self, before: Document) -> None:
		"""What was found is the console's to write; a person decides on severity, category and words."""
		if before.status != self.status:
			frappe.throw(_("The status is changed with the buttons of the incident. Nothing was changed."))
		changed = [
			field.label or field.fieldname
			for field in self.meta.fields
			if field.fieldtype not in (*no_value_fields, *table_fields)
			and field.fieldname not in _THEIRS
			and self.has_value_changed(field.fieldname)
		]
		for table in self.meta.get_table_fields():
			rows = [row.name for row in self.get(table.fieldname)]
			if [row.name for row in before.get(table.fieldname)] != rows:
				changed.append(table.label or table.fieldname)
		if changed:
			message = _("What was found is written by the console and cannot be changed: {0}.")
			frappe.throw(message.format(", ".join(_(label) for label in changed)))

	def on_update(self) -> None:
		before = self.get_doc_before_save()
		if before is None or self.flags.from_console:
			return
		from recovery_console.in_site.incident_actions import tell_of_severity

		now, actor = datetime.now(UTC), frappe.session.user
		if self.severity != before.severity:
			tell_of_severity(self, before.severity, actor=actor, now=now)
		for field in _THEIRS[2:]:
			if (self.get(field) or "") != (before.get(field) or ""):
				text = _("{0}: {1}").format(_(self.meta.get_label(field)), self.get(field) or _("(empty)"))
				timeline.add(self.name, EventKind.NOTE, text, actor=actor, at=now)
		self.lines = frappe.db.get_value(self.doctype, self.name, "lines")

	def on_trash(self) -> None:
		"""Its timeline goes with it: lines without their incident tell nothing."""
		frappe.db.delete(timeline.DOCTYPE, {"incident": self.name})


def on_doctype_update() -> None:
	"""Let the database see to it that a problem has one open incident, and find what is due without reading the rest.

	Not by a unique field: Frappe 16 rebuilds the whole table for one on SQLite, and loses the primary key.
	"""
	frappe.db.add_unique("Incident", ["open_key", "check_id"], "recovery_one_open_incident")
	frappe.db.add_index("Incident", ["next_due"], "recovery_next_due")
