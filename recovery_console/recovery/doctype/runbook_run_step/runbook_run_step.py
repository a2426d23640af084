# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class RunbookRunStep(Document):
	"""One step of a run, as its journal tells it."""
