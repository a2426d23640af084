"""The problems of a report, one per incident: what explains the others stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.record import dataclass
from recovery_console.core.severity import Facts, Proposal, deserves_incident, gravest, propose


@dataclass(frozen=True)
class Sighting:
	"""A problem as one diagnosis found it.

	Args:
		check: Id of the check that found it.
		family: The check's family.
		finding: The finding, as the report holds it.
		explained: Findings that it explains, directly or through another.
		root: Fingerprint of the finding that explains it in the end: its own where nothing does.
	"""

	check: str
	family: str
	finding: Mapping[str, Any]
	explained: tuple[Mapping[str, Any], ...] = ()
	root: str = ""

	@property
	def fingerprint(self) -> str:
		return str(self.finding["fingerprint"])

	def proposal(self, lasts: timedelta = timedelta(0)) -> Proposal:
		"""Return the severity that it deserves with all that it explains: the gravest of them.

		Args:
			lasts: For how long it has been seen.
		"""
		own = propose(Facts.of(self.check, self.family, self.finding, lasts))
		return gravest([own, *(_proposed(finding, lasts) for finding in self.explained)])


def _proposed(finding: Mapping[str, Any], lasts: timedelta) -> Proposal:
	check = str(finding["fingerprint"]).partition(":")[0]
	return propose(Facts.of(check, check.partition(".")[0], finding, lasts))


def sightings(report: Mapping[str, Any]) -> tuple[dict[str, Sighting], list[str]]:
	"""Return every problem of a report by fingerprint, and which of them nothing else explains."""
	found = {
		finding["fingerprint"]: (check, finding)
		for check in report["checks"]
		for finding in check["findings"]
		if deserves_incident(finding["severity"])
	}
	findings = {fingerprint: finding for fingerprint, (_check, finding) in found.items()}
	roots = {fingerprint: root_of(fingerprint, findings) for fingerprint in findings}
	beneath: dict[str, list[Mapping[str, Any]]] = {}
	for fingerprint, root in roots.items():
		if root != fingerprint:
			beneath.setdefault(root, []).append(findings[fingerprint])
	seen = {
		fingerprint: Sighting(
			check["id"], check["family"], finding, tuple(beneath.get(fingerprint, ())), roots[fingerprint]
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
