# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from recovery_console.in_site import snapshots


class HealthSnapshot(Document):
	"""What one diagnosis said. Written by the console alone."""

	def autoname(self) -> None:
		"""Name it after its time, which is what people say: HS-2026-11-22-040007-3f1a."""
		self.name = f"HS-{get_datetime(self.started):%Y-%m-%d-%H%M%S}-{frappe.generate_hash(length=4)}"

	@staticmethod
	def clear_old_logs(days: int = 730) -> None:
		"""Delete snapshots older than ``days``, as Log Settings ask for."""
		before = now_datetime() - timedelta(days=days)
		snapshots.delete(frappe.get_all("Health Snapshot", filters={"started": ("<", before)}, pluck="name"))


def on_doctype_update() -> None:
	"""Let the database see to it that an hour has one snapshot.

	Not by a unique field: Frappe 16 rebuilds the whole table for one on SQLite, and loses the primary key.
	"""
	frappe.db.add_unique("Health Snapshot", ["slot", "taken_by"], "recovery_one_snapshot_per_hour")
