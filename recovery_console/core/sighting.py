"""The problems of a report, one per incident: what explains the others stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recovery_console.core.finding import Severity


@dataclass(frozen=True)
class Sighting:
	"""A problem as one diagnosis found it.

	Args:
		check: Id of the check that found it.
		family: The check's family.
		finding: The finding, as the report holds it.
		explained: Findings that it explains, directly or through another.
	"""

	check: str
	family: str
	finding: Mapping[str, Any]
	explained: tuple[Mapping[str, Any], ...] = ()


def propose_severity(gravity: str, family: str) -> str | None:
	"""Return the severity S1 to S4 that a finding deserves; None where it deserves no incident.

	Args:
		gravity: Severity of the finding.
		family: Family of its check. Without configuration or database nobody can work at all.
	"""
	if gravity == Severity.CRITICAL:
		return "S1" if family in ("config", "database") else "S2"
	return "S3" if gravity == Severity.WARNING else None


def sightings(report: Mapping[str, Any]) -> tuple[dict[str, Sighting], list[str]]:
	"""Return every problem of a report by fingerprint, and which of them nothing else explains."""
	found = {
		finding["fingerprint"]: (check, finding)
		for check in report["checks"]
		for finding in check["findings"]
		if propose_severity(finding["severity"], check["family"])
	}
	findings = {fingerprint: finding for fingerprint, (_check, finding) in found.items()}
	roots = {fingerprint: root_of(fingerprint, findings) for fingerprint in findings}
	seen = {
		fingerprint: Sighting(
			check["id"],
			check["family"],
			finding,
			tuple(findings[other] for other, root in roots.items() if root == fingerprint and other != root),
		)
		for fingerprint, (check, finding) in found.items()
	}
	return seen, [fingerprint for fingerprint, root in roots.items() if root == fingerprint]


def root_of(fingerprint: str, findings: Mapping[str, Mapping[str, Any]]) -> str:
	"""Follow the first cause of each finding to the one that nothing explains.

	Where causes form a circle, the first of its findings by name stands for all.
	"""
	path = [fingerprint]
	while True:
		causes = [
			cause for cause in findings[path[-1]]["caused_by"] if cause in findings and cause != path[-1]
		]
		if not causes:
			return path[-1]
		if causes[0] in path:
			return min(path[path.index(causes[0]) :])
		path.append(causes[0])
