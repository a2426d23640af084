"""The HTTP API of what is handed to people outside the console: packets, letters to vendors, the contacts card."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from recovery_console.core.contacts_card import card_as_html, card_as_text
from recovery_console.core.errors import ConsoleError
from recovery_console.core.times import UTC
from recovery_console.in_site import contact_card, packets, plain

DOCTYPE = "Incident"
SETTINGS = "Recovery Settings"


@frappe.whitelist(methods=["GET", "POST"])
def packet(incident: str) -> dict[str, Any]:
	"""Return what somebody needs to know who is called to an incident. Role: whoever may read it.

	Args:
		incident: Its name.

	Returns:
		``{"fields": [{"name", "label", "lines"}], "text": <all seven>, "vendor": {"subject", "body"}, "vendors": [contact]}``,
		without secrets, account numbers and the local parts of e-mail addresses, but for those of the site's own contacts.
	"""
	frappe.has_permission(DOCTYPE, "read", doc=incident, throw=True)
	try:
		return packets.for_page(incident)
	except ConsoleError as error:
		frappe.throw(plain(f"{error.message} {error.changed} {error.remedy}"))


@frappe.whitelist(methods=["GET", "POST"])
def contacts_card(form: str = "html") -> str:
	"""Return the card with whom to call, as it is now, to be printed. Role: whoever may read Recovery Settings.

	Args:
		form: html for a page that stands alone, text for a plain text.
	"""
	frappe.has_permission(SETTINGS, "read", throw=True)
	writers = {"html": card_as_html, "text": card_as_text}
	if form not in writers:
		frappe.throw(
			_("The card is written as html or as text. Nothing was changed. Ask for one of the two.")
		)
	return writers[form](contact_card.make(datetime.now(UTC)))
