# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import re

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.in_site.standard import refuse_change

#: A longer pattern is a mistake, or takes too long to match.
_LONGEST = 500
#: A repeated group that is itself repeated, such as (a+)+, can take for ever on the wrong text.
_NESTED_REPEAT = re.compile(r"\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)[+*{]")


class KnownError(Document):
	"""An error text, what causes it and what to do about it."""

	def validate(self) -> None:
		refuse_change(self)
		if len(self.pattern) > _LONGEST:
			frappe.throw(
				_("The pattern has {0} characters; at most {1} are matched.").format(
					len(self.pattern), _LONGEST
				)
			)
		try:
			compiled = re.compile(self.pattern)
		except re.error as error:
			frappe.throw(_("The pattern is no regular expression: {0}.").format(error))
		if compiled.search(""):
			frappe.throw(_("The pattern fits every text."))
		if _NESTED_REPEAT.search(self.pattern):
			frappe.throw(
				_("The pattern repeats a group that repeats something itself: that can take for ever.")
			)

	def on_trash(self) -> None:
		refuse_change(self)
