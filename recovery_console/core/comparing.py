"""Two diagnoses compared: what is new, what is over, what grew, and what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recovery_console.core.finding import Severity, Status

Json = dict[str, Any]

#: A number is worth telling when it changed by this share of the larger one.
NOTABLE = 0.2
#: So many numbers are told, those that changed most first.
MOST_NUMBERS = 20
_DID_NOT_LOOK = (Status.UNKNOWN.value, Status.SKIPPED.value)


def compare(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Json:
	"""Say what is different between two snapshots.

	Args:
		older: ``report`` (version 1; None once only the numbers are kept), ``families``, ``measurements``.
		newer: The same of the later one.

	Returns:
		``findings_known``: both reports are still kept. ``appeared`` and ``gone``: findings. ``changed``: findings
		with ``before``, their severity and count in the older one. ``out_of_sight``: findings of which one side says
		nothing, because its check could not look then: these are neither new nor over. ``families`` whose status
		differs, with ``before`` and ``after``; ``numbers``, likewise, with the share by which they changed;
		``versions``, likewise.
	"""
	before, after = older.get("report"), newer.get("report")
	found: Json = {
		"findings_known": bool(before and after),
		"appeared": [],
		"gone": [],
		"changed": [],
		"out_of_sight": [],
		"versions": [],
		"families": _differing(older.get("families") or {}, newer.get("families") or {}),
		"numbers": _numbers(older.get("measurements") or {}, newer.get("measurements") or {}),
	}
	if before and after:
		_compare_findings(found, before, after)
		names = ("frappe", "console", "host")
		found["versions"] = _differing(
			{name: before.get(name) or "" for name in names}, {name: after.get(name) or "" for name in names}
		)
	return found


def _compare_findings(found: Json, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
	old, new = _findings(before), _findings(after)
	looked_before, looked_after = _looked(before), _looked(after)
	for fingerprint, (check, finding) in new.items():
		if fingerprint in old:
			_note_change(found, old[fingerprint][1], finding)
		else:
			found["appeared" if check in looked_before else "out_of_sight"].append(finding)
	for fingerprint, (check, finding) in old.items():
		if fingerprint not in new:
			found["gone" if check in looked_after else "out_of_sight"].append(finding)
	for name in ("appeared", "gone", "changed", "out_of_sight"):
		found[name].sort(key=lambda finding: (Severity(finding["severity"]).order, finding["fingerprint"]))


def _note_change(found: Json, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
	if (before["severity"], before["count"]) != (after["severity"], after["count"]):
		was = {"severity": before["severity"], "count": before["count"]}
		found["changed"].append({**after, "before": was})


def _findings(report: Mapping[str, Any]) -> dict[str, tuple[str, Json]]:
	return {
		finding["fingerprint"]: (check["id"], dict(finding))
		for check in report["checks"]
		for finding in check["findings"]
	}


def _looked(report: Mapping[str, Any]) -> set[str]:
	return {check["id"] for check in report["checks"] if check["status"] not in _DID_NOT_LOOK}


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
	"""Return what has another value than before; what only one side has is told with an empty other."""
	return [
		{"name": name, "before": before.get(name, ""), "after": after.get(name, "")}
		for name in dict.fromkeys([*before, *after])
		if before.get(name, "") != after.get(name, "")
	]


def _numbers(before: Mapping[str, float], after: Mapping[str, float]) -> list[Json]:
	"""Return the numbers of both sides that changed notably, those that changed most first."""
	changed: list[Json] = []
	for name in before.keys() & after.keys():
		old, new = float(before[name]), float(after[name])
		largest = max(abs(old), abs(new))
		share = (new - old) / largest if largest else 0.0
		if abs(share) >= NOTABLE:
			changed.append(
				{"name": name, "before": before[name], "after": after[name], "share": round(share, 3)}
			)
	changed.sort(key=lambda item: (-abs(item["share"]), item["name"]))
	return changed[:MOST_NUMBERS]
