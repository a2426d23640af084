"""What the badge in Desk's navbar says: how many findings of the newest snapshot are critical."""

from typing import Any

import frappe
from frappe.utils import now_datetime

from recovery_console.core.headline import STALE_AFTER


def extend_bootinfo(bootinfo: Any) -> None:
	"""Tell Desk at its start what the badge says; nothing to those who may not see it. Cost: one query."""
	if frappe.has_permission("Health Snapshot", "read"):
		bootinfo["recovery_console_badge"] = state()


def state() -> dict[str, Any]:
	"""Return ``critical``: how many findings are, and ``is_stale``: nobody has looked for too long.

	A site where nobody ever looked is not stale: it is new.
	"""
	rows = frappe.get_all(
		"Health Snapshot",
		filters={"status": ("not in", ["Running", "Failed"])},
		fields=["started", "critical_count"],
		order_by="started desc",
		limit_page_length=1,
	)
	if not rows:
		return {"critical": 0, "is_stale": False}
	return {
		"critical": rows[0].critical_count,
		"is_stale": now_datetime() - rows[0].started > STALE_AFTER,
	}
