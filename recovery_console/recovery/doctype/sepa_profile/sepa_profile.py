# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import re

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.profile_file import parse_profile, parse_text
from recovery_console.core.profile_model import ProfileError
from recovery_console.in_site.standard import refuse_change


class SEPAProfile(Document):
	"""Which DocTypes and fields hold the mandates, batches and bank lines of this site."""

	def validate(self) -> None:
		refuse_change(self)
		if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", self.name):
			frappe.throw(_("The name is made of small letters, digits and dashes."))
		try:
			parse_profile(parse_text(self.definition), default_id=self.name)
		except ProfileError as error:
			frappe.throw(f"{error.message} {error.remedy}")

	def on_trash(self) -> None:
		refuse_change(self)
