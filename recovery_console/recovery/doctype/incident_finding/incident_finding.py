# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class IncidentFinding(Document):
	"""A finding of an incident, as it was when last seen: the first explains the others."""
