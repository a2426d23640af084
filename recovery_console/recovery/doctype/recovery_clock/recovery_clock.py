# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RecoveryClock(Document):
	"""How long an incident of a severity may take, where a site wants other times than the console's."""
