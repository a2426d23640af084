# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from datetime import datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from recovery_console.core.notices import PENDING
from recovery_console.in_site.standard import written_by_console

_BATCH = 500


class RecoveryNotice(Document):
	"""What is told to one receiver: the outbox, and the record of who was told what."""

	def validate(self) -> None:
		written_by_console(self)

	def on_trash(self) -> None:
		written_by_console(self)

	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""Delete notices older than ``days``, as Log Settings ask for; not those that are still to be sent.

		Those of an incident that is open stay: its end is told to those who know of its beginning.
		"""
		before: datetime = now_datetime() - timedelta(days=days)
		still_open = frappe.get_all(
			"Incident",
			filters={"status": ("not in", ["Resolved", "Closed"])},
			pluck="name",
			limit_page_length=0,
		)
		names = frappe.get_all(
			"Recovery Notice",
			filters={
				"creation": ("<", before),
				"state": ("not in", [state.value for state in PENDING]),
				"incident": ("not in", [*still_open, "-"]),
			},
			pluck="name",
			limit_page_length=0,
		)
		for start in range(0, len(names), _BATCH):
			frappe.db.delete("Recovery Notice", {"name": ("in", names[start : start + _BATCH])})
			frappe.db.commit()


def on_doctype_update() -> None:
	"""Let the database see to it that the same is told once, and find what is due without reading the rest.

	Not by a unique field: Frappe 16 rebuilds the whole table for one on SQLite, and loses the primary key.
	"""
	frappe.db.add_unique("Recovery Notice", ["dedupe_key"], "recovery_told_once")
	frappe.db.add_index("Recovery Notice", ["state", "next_attempt"], "recovery_notices_due")
	frappe.db.add_index("Recovery Notice", ["incident", "state"], "recovery_notices_of_incident")
	# Before each notice those of the last hour are counted; nearly all others are sent, too.
	frappe.db.add_index("Recovery Notice", ["state", "sent"], "recovery_notices_sent")
