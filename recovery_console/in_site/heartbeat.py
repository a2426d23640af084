"""Calling the watchman elsewhere after a snapshot; whether he took the call stands on the snapshot."""

from datetime import datetime

import frappe
from frappe.utils.password import get_decrypted_password

from recovery_console.core import heartbeat
from recovery_console.core.times import UTC
from recovery_console.in_site import plain
from recovery_console.in_site.transactions import log_failure

SNAPSHOT = "Health Snapshot"
SETTINGS = "Recovery Settings"


def after_snapshot(name: str, status: str) -> None:
	"""Call the address of Recovery Settings, if there is one. Whatever goes wrong, the snapshot stays as it is.

	Args:
		name: Name of the snapshot, which is committed.
		status: Its status.
	"""
	try:
		url = get_decrypted_password(SETTINGS, SETTINGS, "heartbeat_url", raise_exception=False)
		if url:
			critical = frappe.db.get_single_value(SETTINGS, "heartbeat_critical") or ""
			_call(name, heartbeat.address(url.strip(), status, critical), status)
	except Exception:  # noqa: BLE001 (kept in Error Log)
		log_failure("the heartbeat could not be sent")


def _call(name: str, url: str | None, status: str) -> None:
	if url is None:
		return
	frappe.db.commit()  # nobody waits for our locks while we wait for an answer
	failed = heartbeat.beat(url, status, datetime.now(UTC))
	outcome = (
		{"heartbeat": "Failed", "heartbeat_error": plain(failed.reason)} if failed else {"heartbeat": "Sent"}
	)
	frappe.db.set_value(SNAPSHOT, name, outcome, update_modified=False)
	frappe.db.commit()
