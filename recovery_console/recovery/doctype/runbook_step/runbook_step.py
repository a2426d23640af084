# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RunbookStep(Document):
	"""One step of a runbook, read from its definition."""
