"""What the page /app/recovery-console calls."""

from dataclasses import asdict
from typing import Any

import frappe
from frappe.utils import cint

from recovery_console.in_site import health, live
from recovery_console.in_site import overview as shown


@frappe.whitelist(methods=["GET"])
def overview() -> dict[str, Any]:
	"""Return how this site is, from what is stored. Permission: read on Health Snapshot.

	Nothing is diagnosed: it answers at once.

	Returns:
		``headline``: sentences; ``status``, ``families``, ``groups`` of findings under what explains them, ``quiet``
		checks, ``incidents`` by fingerprint, ``runs``. ``snapshot`` is None where nobody has looked yet.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	return shown.overview()


@frappe.whitelist(methods=["POST"])
def run_diagnosis() -> dict[str, str]:
	"""Diagnose this site and keep the snapshot. Permission: read on Health Snapshot.

	It runs in this request and not in a job: it must work while no worker does. ``pulse`` tells how far it is.

	Returns:
		``{"snapshot": <Health Snapshot>}``

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
		frappe.ValidationError: HTTP 417. A diagnosis is running already.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	return {"snapshot": live.take()}


@frappe.whitelist(methods=["GET"])
def pulse(of: str = "", after: str | int = 0) -> dict[str, Any]:
	"""Return what may have become new for an open page. Permission: read on Health Snapshot. Cost: three queries.

	Args:
		of: The diagnosis that is followed, as the last answer named it.
		after: From where on, as the last answer said.

	Returns:
		``diagnosis``: see ``core.live.Seen``; ``snapshot``: name of the newest; ``runs``: as in ``overview``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	found = health.newest()
	return {
		"diagnosis": asdict(live.follow(of, cint(after))),
		"snapshot": found.name if found else None,
		"runs": shown.runs(),
	}
