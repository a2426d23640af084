# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryLock(Document):
	"""What no two runs may change at once, and who holds it. Written by the console alone."""
