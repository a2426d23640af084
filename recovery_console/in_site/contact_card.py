"""The card with whom to call, written beside the site whenever Recovery Settings change."""

from datetime import datetime
from pathlib import Path

import frappe
from frappe.model.document import Document
from frappe.utils import get_bench_path, get_site_path, get_system_timezone

from recovery_console.core.contacts_card import (
	FORMS,
	Card,
	card_as_html,
	card_as_text,
	card_path,
	url_of,
)
from recovery_console.core.making.atomic import as_owner_of, replace_file
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import calls, clocks

_WRITERS = {"text": card_as_text, "html": card_as_html}


def write(settings: Document | None = None) -> None:
	"""Write the card anew. Where that fails it is logged: it must keep nobody from saving the settings.

	Args:
		settings: Recovery Settings as they are being saved; by default as they are stored.
	"""
	try:
		card = make(datetime.now(UTC), settings)
		site = Path(get_site_path()).resolve()
		for form in FORMS:
			path = card_path(site, form)
			path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
			replace_file(path, (_WRITERS[form](card) + "\n").encode(), 0o600)
			as_owner_of(site, path.parent, path)
	except Exception:  # noqa: BLE001 (logged; the card of before stays)
		frappe.log_error(
			title="Recovery Console: the contacts card was not written", message=frappe.get_traceback()
		)


def make(now: datetime, settings: Document | None = None) -> Card:
	"""Return what stands on the card now."""
	return Card(
		site=frappe.local.site,
		url=url_of(frappe.conf.host_name, frappe.local.site),
		bench=get_bench_path(),
		written=now,
		zone=zone(get_system_timezone()),
		contacts=clocks.contacts(settings),
		managers=calls.managers(),
		policy=clocks.policy(settings),
	)
