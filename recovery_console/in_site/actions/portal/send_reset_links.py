"""Mails a user the link to set a new password, as Frappe's own form does."""

from __future__ import annotations

import time
from typing import Any

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Make a new link, mail it, and wait as long as the pace demands."""
	user: Any = frappe.get_doc("User", act.name)
	if not user.enabled:
		raise ConsoleError(
			_("{0} was disabled meanwhile.").format(act.name), remedy=_("Enable the user first.")
		)
	user.validate_reset_password()
	user.reset_password(send_email=True)
	frappe.db.commit()
	time.sleep(float(act.arguments["pause"]))
	return _("sent to {0}").format(act.name)


def is_done(act: Act) -> bool | None:  # noqa: ARG001 (Frappe makes the link before it mails it)
	"""Nothing tells whether the mail left before the interruption."""
	return None
