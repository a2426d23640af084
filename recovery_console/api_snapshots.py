"""What the form of a Health Snapshot and the badge in the navbar call."""

from typing import Any

import frappe

from recovery_console.core.comparing import compare as compared
from recovery_console.core.finding import _
from recovery_console.core.overview import family_name
from recovery_console.core.registry import all_checks
from recovery_console.in_site import badge as shown_badge

_DOCTYPE = "Health Snapshot"
_FIELDS = ["name", "started", "status", "report", "families", "measurements"]


@frappe.whitelist(methods=["GET"])
def compare(snapshot: str, other: str = "") -> dict[str, Any]:
	"""Compare two snapshots: what is new, what is over, what grew. Permission: read on Health Snapshot.

	Args:
		snapshot: Name of one.
		other: Name of another; by default the one before it.

	Returns:
		``older`` and ``newer`` (name, started, status), and what ``core.comparing.compare`` returns; families and
		numbers with a ``label``. ``older`` is None where there is none before it.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
		frappe.DoesNotExistError: HTTP 404. There is no such snapshot.
	"""
	frappe.has_permission(_DOCTYPE, "read", throw=True)
	sides = [_snapshot(snapshot)]
	other = other or _one_before(sides[0])
	if not other:
		return {"older": None, "newer": _head(sides[0])}
	sides.append(_snapshot(other))
	older, newer = sorted(sides, key=lambda side: side.started)
	found = compared(_parsed(older), _parsed(newer))
	for family in found["families"]:
		family["label"] = family_name(family["name"])
	checks = all_checks()
	for number in found["numbers"]:
		number["label"] = _label(number["name"], checks)
	return {"older": _head(older), "newer": _head(newer), **found}


@frappe.whitelist(methods=["GET"])
def badge() -> dict[str, Any]:
	"""Return what the badge in the navbar says. Permission: read on Health Snapshot. Cost: one query.

	Returns:
		``critical``: how many findings of the newest snapshot are; ``is_stale``: it is too old to say so.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
	"""
	frappe.has_permission(_DOCTYPE, "read", throw=True)
	return shown_badge.state()


def _snapshot(name: str) -> Any:
	found = frappe.get_all(_DOCTYPE, filters={"name": name}, fields=_FIELDS)
	if not found:
		frappe.throw(frappe._("There is no Health Snapshot {0}.").format(name), frappe.DoesNotExistError)
	return found[0]


def _one_before(snapshot: Any) -> str:
	"""Return the newest snapshot before one that came to its end; empty where there is none."""
	# SQLite compares moments as texts, of which one may have its fractions: it would find the snapshot itself.
	found = frappe.get_all(
		_DOCTYPE,
		filters={
			"name": ("!=", snapshot.name),
			"started": ("<=", snapshot.started),
			"status": ("not in", ["Running", "Failed"]),
		},
		order_by="started desc",
		limit_page_length=1,
		pluck="name",
	)
	return found[0] if found else ""


def _parsed(row: Any) -> dict[str, Any]:
	return {name: frappe.parse_json(row[name] or "null") for name in ("report", "families", "measurements")}


def _head(row: Any) -> dict[str, Any]:
	return {name: row[name] for name in ("name", "started", "status")}


def _label(name: str, checks: dict[str, Any]) -> str:
	"""Name a number after its check and itself: ``Emails stuck in Sending: oldest hours``."""
	check, _dot, number = name.rpartition(".")
	title = _(checks[check].title) if check in checks else check
	return f"{title}: {number.replace('_', ' ')}"
