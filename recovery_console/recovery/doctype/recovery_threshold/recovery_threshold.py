# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryThreshold(Document):
	"""A threshold of a check that this site changed."""
