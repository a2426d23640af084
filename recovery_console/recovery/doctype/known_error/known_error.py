# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.knowledge.patterns import pattern_problem
from recovery_console.in_site.standard import refuse_change


class KnownError(Document):
	"""An error text, what causes it and what to do about it."""

	def validate(self) -> None:
		refuse_change(self)
		problem = pattern_problem(self.pattern)
		if problem:
			frappe.throw(_("The pattern cannot be used: {0}.").format(problem))

	def on_trash(self) -> None:
		refuse_change(self)
