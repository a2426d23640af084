"""Gives the workers the job that empties the mail queue."""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import is_job_enqueued

from recovery_console.core.edits import Act
from recovery_console.core.finding import _

JOB = "recovery_console_flush"


def perform(act: Act) -> str:  # noqa: ARG001 (there is nothing to choose)
	"""Queue it; one that waits or runs already is enough."""
	if is_job_enqueued(JOB):
		return _("it was queued already")
	frappe.enqueue("frappe.email.queue.flush", queue="short", job_id=JOB, timeout=600)
	frappe.db.commit()
	return _("queued")


def is_done(act: Act) -> bool:  # noqa: ARG001 (there is nothing to choose)
	"""Tell whether it waits or runs; emptying the queue once more does no harm."""
	return bool(is_job_enqueued(JOB))
