"""What the checklist of the first five minutes calls."""

from typing import Any

import frappe

from recovery_console.in_site import setup_steps


@frappe.whitelist(methods=["GET"])
def steps() -> dict[str, Any]:
	"""Return what is set up on this site and what is missing. Permission: read on Recovery Settings. Cost: ten queries.

	Returns:
		``steps``: ``id``, ``title``, ``why``, ``done``, ``needed`` of each; ``ready``: all that are needed are done.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read the settings.
	"""
	frappe.has_permission("Recovery Settings", "read", throw=True)
	return setup_steps.shown()
