# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class AutomaticRunbook(Document):
	"""A runbook that this site lets run by itself."""
