"""Everything that the scheduler runs."""

import frappe

from recovery_console.in_site import snapshots


def hourly_snapshot() -> None:
	"""Take this hour's snapshot, unless another worker has it or Recovery Settings say not to."""
	if frappe.db.get_single_value("Recovery Settings", "snapshots_enabled"):
		snapshots.take("Schedule", snapshots.this_hour())


def thin_snapshots() -> None:
	"""Let go of snapshots and reports that Recovery Settings no longer keep."""
	snapshots.thin()
