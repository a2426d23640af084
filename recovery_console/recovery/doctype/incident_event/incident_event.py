# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class IncidentEvent(Document):
	"""A line of an incident's timeline. Never changed."""
