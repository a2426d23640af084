# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.errors import UsageError
from recovery_console.core.extensions import actions_for, checks_for
from recovery_console.core.runbook import Runbook as Definition
from recovery_console.core.runbook_file import read_runbook
from recovery_console.in_site import open_site, plain
from recovery_console.in_site.standard import refuse_change


class Runbook(Document):
	"""Checks, actions, approvals and instructions in the order that puts a problem right."""

	def validate(self) -> None:
		self.fill_in()
		refuse_change(self)

	def on_trash(self) -> None:
		refuse_change(self)

	def fill_in(self) -> None:
		"""Show in the fields what the definition says, or refuse it."""
		with open_site() as site:
			actions = actions_for(site)
			try:
				found = read_runbook(self.name, self.definition, actions, checks_for(site), "site")
			except UsageError as error:
				frappe.throw(f"{plain(error.message)} {error.remedy}")
		self.title = plain(found.title)
		self.summary = plain(found.summary)
		self.duration = plain(found.duration)
		self.risk = found.risk(actions).value.capitalize()
		self.answers = ", ".join((*found.findings, *found.errors))
		self._fill_in_steps(found)

	def _fill_in_steps(self, found: Definition) -> None:
		wanted = [
			(
				_(step.kind.value.capitalize()),
				plain(step.title)[:140],
				plain(step.action or step.check or step.role or step.command)[:140],
			)
			for step in found.steps
		]
		if [(row.kind, row.title, row.does) for row in self.steps] == wanted:
			return
		self.set("steps", [{"kind": kind, "title": title, "does": does} for kind, title, does in wanted])
