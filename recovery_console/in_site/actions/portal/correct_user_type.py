"""Saves a user, so that Frappe works the user type out from the roles."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Save the user."""
	user = frappe.get_doc("User", act.name)
	user.save()
	frappe.db.commit()
	return _("{0} is a {1}").format(act.name, user.user_type)


def is_done(act: Act) -> bool:
	"""Tell whether the type is as the roles say."""
	return bool(frappe.db.get_value("User", act.name, "user_type") == act.arguments["user_type"])
