# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from frappe.model.document import Document


class SilencedProblem(Document):
	"""A problem that a silence covered: counted, so that nothing is lost."""
