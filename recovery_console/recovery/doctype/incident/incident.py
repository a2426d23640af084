# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document

from recovery_console.core.incident import may_become, open_key
from recovery_console.core.runbooks.answers import for_finding
from recovery_console.in_site import timeline


class Incident(Document):
	"""A problem from the moment it was seen until it is over: one per problem at a time."""

	def onload(self) -> None:
		"""Tell the form which runbooks answer each finding, and the timeline."""
		self.set_onload("runbooks", {row.fingerprint: for_finding(row.fingerprint) for row in self.findings})
		self.set_onload("timeline", timeline.as_dicts(self.name))

	def validate(self) -> None:
		self.open_key = open_key(self.fingerprint, self.status)
		before = self.get_doc_before_save()
		if before is None:
			return
		if not may_become(before.status, self.status):
			message = _("An incident that is {0} cannot become {1}.")
			frappe.throw(message.format(_(before.status), _(self.status)))
		if not self.flags.from_console:
			self._refuse_forgery(before)

	def _refuse_forgery(self, before: Document) -> None:
		"""What was found is the console's to write; a person decides on severity and status."""
		changed = [
			field.label or field.fieldname
			for field in self.meta.fields
			if field.fieldtype not in (*no_value_fields, *table_fields)
			and field.fieldname not in ("severity", "status", "open_key")
			and self.has_value_changed(field.fieldname)
		]
		for table in self.meta.get_table_fields():
			rows = [row.name for row in self.get(table.fieldname)]
			if [row.name for row in before.get(table.fieldname)] != rows:
				changed.append(table.label or table.fieldname)
		if changed:
			message = _("What was found is written by the console and cannot be changed: {0}.")
			frappe.throw(message.format(", ".join(_(label) for label in changed)))


def on_doctype_update() -> None:
	"""Let the database see to it that a problem has one open incident.

	Not by a unique field: Frappe 16 rebuilds the whole table for one on SQLite, and loses the primary key.
	"""
	frappe.db.add_unique("Incident", ["open_key", "check_id"], "recovery_one_open_incident")
