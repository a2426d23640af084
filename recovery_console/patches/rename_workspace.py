"""The workspace was named as the console's page is: whoever asked for the page got the workspace."""

import frappe


def execute() -> None:
	"""Remove the workspace under its old name; migrating has made it under its new one."""
	name = "Recovery Console"
	if frappe.db.get_value("Workspace", name, "module") == "Recovery":
		frappe.delete_doc("Workspace", name, force=True, ignore_on_trash=True)
