"""Renews the authorisation of a Connected App, as Frappe does when the connection is used."""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Ask the service for a new token.

	Raises:
		ConsoleError: It gave none.
	"""
	app = frappe.get_doc("Connected App", str(act.arguments["app"]))
	token = app.get_active_token(str(act.arguments["user"]))
	frappe.db.commit()
	if token is None or token.is_expired():
		raise ConsoleError(
			f"The service of {app.provider_name or app.name} gave no new token.",
			remedy="Let the user open the Connected App and press Connect.",
		)
	return _("renewed")


def is_done(act: Act) -> bool:
	"""Tell whether it was renewed since this was planned."""
	modified = frappe.db.get_value("Token Cache", act.name, "modified")
	return bool(modified) and get_datetime(modified) >= get_datetime(act.arguments["since"])
