"""What of this site is set up for an emergency, as the console's page asks."""

from typing import Any

import frappe
from frappe import _

from recovery_console.core.errors import ConsoleError
from recovery_console.core.people import MANAGER, OPERATOR
from recovery_console.core.profile import profiles_with
from recovery_console.core.setup_steps import SetUp, Step, is_ready, steps
from recovery_console.in_site import open_site

#: DocTypes with these words in their names are about direct debits.
_COLLECTING = ("%mandate%", "%direct debit%")


def shown() -> dict[str, Any]:
	"""Return the ``steps`` of this site, and whether it is ``ready``: all that an emergency needs is done."""
	found = steps(_look())
	return {"steps": [_as_dict(step) for step in found], "ready": is_ready(found)}


def _as_dict(step: Step) -> dict[str, Any]:
	return {
		"id": step.id,
		"title": _(step.title),
		"why": _(step.why),
		"done": step.done,
		"needed": step.needed,
	}


def _look() -> SetUp:
	settings = frappe.get_cached_doc("Recovery Settings")
	enabled = frappe.get_all("Recovery Channel", filters={"enabled": 1}, pluck="name")
	tried = _tried(enabled) if enabled else set()
	ended = {"status": ("not in", ["Running", "Failed"])}
	collects = _collects()
	return SetUp(
		looked=bool(frappe.db.exists("Health Snapshot", ended)),
		scheduled=bool(frappe.db.exists("Health Snapshot", {**ended, "taken_by": "Schedule"})),
		contacts=sum(bool(row.email or row.phone or row.user) for row in settings.contacts),
		channels=len(tried),
		untried=len(enabled) - len(tried),
		operators=_operators(),
		collects=collects,
		profile=collects and _has_profile(),
		heartbeat=bool(settings.heartbeat_url),
	)


def _tried(channels: list[str]) -> set[str]:
	"""Return those of these channels over which something was sent; without a name, notices of no channel count."""
	sent = {"channel": ("in", channels), "state": "Sent"}
	return set(frappe.get_all("Recovery Notice", filters=sent, pluck="channel", distinct=True))


def _operators() -> int:
	"""Count the enabled users, Administrator left out, who may work with the console."""
	roles = [OPERATOR, MANAGER, "System Manager"]
	holders = frappe.get_all(
		"Has Role", filters={"role": ("in", roles), "parenttype": "User"}, pluck="parent", distinct=True
	)
	names = [name for name in holders if name not in ("Administrator", "Guest")]
	return frappe.db.count("User", {"name": ("in", names or [""]), "enabled": 1})


def _collects() -> bool:
	return any(
		frappe.get_all(
			"DocType", filters={"name": ("like", words), "issingle": 0}, limit_page_length=1, pluck="name"
		)
		for words in _COLLECTING
	)


def _has_profile() -> bool:
	try:
		with open_site() as site:
			return bool(profiles_with(site, "mandate"))
	except ConsoleError:  # none fits, or nobody can tell: there is something to see to
		return False
