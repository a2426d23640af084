# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.duties import duty_from, unknown_checks
from recovery_console.core.extensions import checks_for
from recovery_console.in_site import open_site
from recovery_console.in_site.standard import refuse_change


class RecoveryDuty(Document):
	"""Something that is to be done again and again: answered by checks, or signed off by a person."""

	def validate(self) -> None:
		self.checks = "\n".join((self.checks or "").split())
		if not self.flags.from_console:
			self._refuse_unknown_checks()
		refuse_change(self)

	def on_trash(self) -> None:
		refuse_change(self)

	def _refuse_unknown_checks(self) -> None:
		with open_site() as site:
			known = [name for name, check in checks_for(site).items() if not check.on_request]
		unknown = unknown_checks(duty_from(self.name, self.as_dict()), known)
		if unknown:
			message = _("No snapshot asks these checks: {0}. The duty was not saved.")
			frappe.throw(message.format(", ".join(unknown)))
