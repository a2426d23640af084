# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryEscalationStep(Document):
	"""After which time without an answer the next people are called."""
