"""The HTTP API of evidence: a bundle of an incident on demand."""

from typing import Any

import frappe
from frappe import _
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from recovery_console.core.people import MANAGER, OPERATOR
from recovery_console.in_site import bundles
from recovery_console.in_site.runs import in_words

_MAY = {OPERATOR, MANAGER, "System Manager"}


@frappe.whitelist(methods=["POST"])
def make_bundle(incident: str) -> dict[str, Any]:
	"""Make an evidence bundle of an incident and attach it. Role: Recovery Operator.

	Args:
		incident: Its name.

	Returns:
		``file``: name of the File; ``url``: where to download it, for who may read the incident.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
		frappe.ValidationError: HTTP 417. One is being made just now, or it cannot be written.
	"""
	frappe.has_permission(bundles.DOCTYPE, "read", doc=incident, throw=True)
	if not _MAY.intersection(frappe.get_roles()):  # frappe.only_for lets everybody pass in tests
		frappe.throw(_("Only a Recovery Operator or Recovery Manager may do this."), frappe.PermissionError)
	try:
		with filelock("recovery_console_bundle", timeout=1), in_words():
			file = bundles.make(incident, frappe.session.user)
	except LockTimeoutError:
		frappe.throw(_("An evidence bundle is being made just now. Wait for it, then ask again."))
	return {"file": file, "url": frappe.db.get_value("File", file, "file_url")}
