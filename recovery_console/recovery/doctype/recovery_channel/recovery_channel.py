# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryChannel(Document):
	"""A way in which people, or other systems, are told."""
