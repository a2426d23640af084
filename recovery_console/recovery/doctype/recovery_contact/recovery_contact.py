# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryContact(Document):
	"""Somebody who is called when something is broken."""
