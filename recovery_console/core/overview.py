"""What the console's page shows of a report: families with their trend, and problems with what they explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recovery_console.core.finding import Severity, Status, _
from recovery_console.core.headline import Problem
from recovery_console.core.sighting import root_of
from recovery_console.core.snapshot import Past

Json = dict[str, Any]

#: The trend shows so many of the latest diagnoses.
MOST_PAST = 24
FAMILY_NAMES = {
	"config": _("Configuration"),
	"database": _("Database"),
	"cache": _("Cache"),
	"jobs": _("Background jobs"),
	"scheduler": _("Scheduler"),
	"email": _("E-mail"),
	"imports": _("Imports"),
	"portal": _("Login and portal"),
	"sepa": _("Direct debits (SEPA)"),
	"payments": _("Payments"),
	"errors": _("Errors"),
	"host": _("Machine"),
	"storage": _("Files"),
	"backups": _("Backups"),
	"security": _("Security"),
	"integrations": _("Integrations"),
	"data": _("Data"),
	"performance": _("Speed"),
	"console": _("The console itself"),
}


def family_name(family: str) -> str:
	"""Return the name of a family for people; those of other apps are named after their folder."""
	return FAMILY_NAMES.get(family) or family.replace("_", " ").capitalize()


def families(report: Mapping[str, Any], past: Sequence[Past]) -> list[Json]:
	"""Return a tile for each family of a report, in the order in which families are shown.

	Args:
		report: The report.
		past: Earlier diagnoses and this one, oldest first.

	Returns:
		``family``, ``name``, ``status``, how many ``problems`` and ``unknown`` it has, how many of its checks
		``looked``, and ``trend``: its statuses, oldest first; None where it was not looked at.
	"""
	tiles = []
	for family, status in report["families"].items():
		checks = [check for check in report["checks"] if check["family"] == family]
		statuses = [check["status"] for check in checks]
		tiles.append(
			{
				"family": family,
				"name": family_name(family),
				"status": status,
				"problems": sum(
					finding["severity"] != Severity.INFO for check in checks for finding in check["findings"]
				),
				"unknown": statuses.count(Status.UNKNOWN),
				"looked": len(statuses) - statuses.count(Status.UNKNOWN) - statuses.count(Status.SKIPPED),
				"trend": [_of(item, family) for item in past[-MOST_PAST:]],
			}
		)
	return tiles


def _of(past: Past, family: str) -> str | None:
	status = past.families.get(family)
	return status.value if status else None


def groups(report: Mapping[str, Any]) -> list[Json]:
	"""Return the findings of a report under what explains them, the gravest first.

	Returns:
		``{"root": finding, "explains": [findings]}``; each finding has its check's ``check`` and ``family``.
	"""
	found = {
		finding["fingerprint"]: {**finding, "check": check["id"], "family": check["family"]}
		for check in report["checks"]
		for finding in check["findings"]
	}
	below: dict[str, list[Json]] = {}
	for fingerprint, finding in found.items():
		root = root_of(fingerprint, found)
		explained = below.setdefault(root, [])
		if fingerprint != root:
			explained.append(finding)
	grouped = [{"root": found[root], "explains": sorted(below[root], key=_order)} for root in below]
	return sorted(grouped, key=lambda group: _gravity(group["root"], group["explains"]))


def _order(finding: Mapping[str, Any]) -> tuple[int, int]:
	return (Severity(finding["severity"]).order, -int(finding["count"]))


def _gravity(root: Mapping[str, Any], explained: Sequence[Mapping[str, Any]]) -> tuple[int, int, int, str]:
	"""What comes first: the worst that it does, then how much it explains, then how much it affects."""
	worst = min(Severity(finding["severity"]).order for finding in (root, *explained))
	return (worst, -len(explained), -int(root["count"]), str(root["fingerprint"]))


def problems(grouped: Sequence[Mapping[str, Any]], began: Mapping[str, Any]) -> list[Problem]:
	"""Return groups as the headline needs them.

	Args:
		grouped: What ``groups`` returned.
		began: When each fingerprint was first seen, where that is known.
	"""
	return [
		Problem(
			title=group["root"]["title"],
			severity=min(
				(Severity(item["severity"]) for item in (group["root"], *group["explains"])),
				key=lambda severity: severity.order,
			),
			explains=[item["check"] for item in group["explains"] if item["severity"] == Severity.CRITICAL],
			began=began.get(group["root"]["fingerprint"]),
		)
		for group in grouped
	]


def quiet_checks(report: Mapping[str, Any]) -> dict[str, list[Json]]:
	"""Return the checks without a finding by status: what could not be looked at, and what is well."""
	shown = ("id", "title", "family", "reason", "remedy")
	return {
		status.value: [
			{name: check[name] for name in shown} for check in report["checks"] if check["status"] == status
		]
		for status in (Status.UNKNOWN, Status.OK, Status.SKIPPED)
	}
