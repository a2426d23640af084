# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class IncidentActionItem(Document):
	"""What somebody promised to do after an incident."""
