"""What the badge in Desk's navbar says: how many findings of the newest snapshot are critical."""

import contextlib
from typing import Any

import frappe
from frappe.database.database import savepoint

from recovery_console.core.health import STALE_AFTER
from recovery_console.in_site import health

SNAPSHOT = "Health Snapshot"


def extend_bootinfo(bootinfo: Any) -> None:
	"""Tell Desk at its start what the badge says; nothing to those who may not see it. Cost: one query.

	Desk starts all the same where the tables of the console are missing or broken, as while it is being removed, or
	after a restore until the site is migrated: for everybody else the site may work.
	"""
	messages = list(frappe.local.message_log or [])
	# A query that fails must not spoil the transaction of Desk's start.
	with contextlib.suppress(Exception), savepoint():
		if frappe.has_permission(SNAPSHOT, "read"):
			bootinfo["recovery_console_badge"] = state()
		return
	frappe.local.message_log = messages
	frappe.logger("recovery_console").warning("Desk starts without the badge: it cannot be read.")


def may_look() -> bool:
	"""Tell whether this user may see the console; not where it is not whole, as ``extend_bootinfo``."""
	messages = list(frappe.local.message_log or [])
	with contextlib.suppress(Exception), savepoint():
		return bool(frappe.has_permission(SNAPSHOT, "read"))
	frappe.local.message_log = messages
	return False


def state() -> dict[str, Any]:
	"""Return ``critical``: how many findings are, and ``is_stale``: nobody has looked for too long.

	A site where nobody ever looked is not stale: it is new.
	"""
	found = health.newest("started", "critical_count")
	if found is None:
		return {"critical": 0, "is_stale": False}
	return {"critical": found.critical_count, "is_stale": health.age(found) > STALE_AFTER}
