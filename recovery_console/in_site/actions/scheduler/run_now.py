"""Queues a scheduled job once, as its button Execute does."""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Queue it; one that is queued or runs already is not queued again."""
	job_type = frappe.get_doc("Scheduled Job Type", act.name)
	queued = job_type.enqueue(force=True)
	frappe.db.commit()
	return _("queued") if queued else _("it was queued already")


def is_done(act: Act) -> bool:
	"""Tell whether it is queued, runs, or has run since this was planned."""
	job_type = frappe.get_doc("Scheduled Job Type", act.name)
	last = job_type.last_execution
	ran = bool(last) and get_datetime(last) >= get_datetime(act.arguments["since"])
	return ran or bool(job_type.is_job_in_queue())
