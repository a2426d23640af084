"""Starting an import as the button in its form does."""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import is_job_enqueued

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _

#: DocType -> what Frappe calls its job.
JOBS = {"Data Import": "data_import", "Bank Statement Import": "bank_statement_import"}


def start(act: Act) -> str:
	"""Give the import to a worker; one whose job waits already is left to that.

	Raises:
		ConsoleError: Frappe does not start it.
	"""
	doctype, name = str(act.arguments["doctype"]), str(act.arguments["name"])
	if is_started(act):
		return _("it waits for a worker already")
	try:
		started = frappe.get_doc(doctype, name).start_import()
	except frappe.ValidationError as error:
		raise ConsoleError(
			f"Frappe does not start the import {name}: {frappe.utils.strip_html(str(error))}",
			remedy="Put right what it says, and plan again.",
		) from error
	frappe.db.commit()
	return _("started") if started else _("it waits for a worker already")


def is_started(act: Act) -> bool:
	"""Tell whether the import's job waits or runs, or it has come to its end in success."""
	doctype, name = str(act.arguments["doctype"]), str(act.arguments["name"])
	if is_job_enqueued(f"{JOBS[doctype]}::{name}"):
		return True
	return frappe.db.get_value(doctype, name, "status") == "Success"
