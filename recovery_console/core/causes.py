"""Which finding explains which: the page shows causes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from recovery_console.core.finding import Finding, Severity
from recovery_console.core.runner import CheckResult

#: What explains each finding, by fingerprint.
Links = dict[str, list[str]]


def link_causes(results: Sequence[CheckResult]) -> list[CheckResult]:
	"""Fill ``caused_by`` from what the checks declare in ``explained_by`` (``causes_of`` for each finding).

	A finding is explained by every finding of an explaining check that is not merely informative. A chain is kept
	link by link; a circle is broken where it would close.
	"""
	by_check = {
		result.check.id: [
			finding.fingerprint for finding in result.findings if finding.severity is not Severity.INFO
		]
		for result in results
	}
	links: Links = {}
	for result in results:
		for finding in result.findings:
			links[finding.fingerprint] = list(finding.caused_by)
	for result in results:
		for finding in result.findings:
			for check_id in result.check.causes_of(finding):
				for cause in by_check.get(check_id, ()):
					_link(cause, finding.fingerprint, links)
	return [
		replace(
			result,
			findings=tuple(
				replace(finding, caused_by=tuple(links[finding.fingerprint])) for finding in result.findings
			),
		)
		for result in results
	]


def _link(cause: str, effect: str, links: Links) -> None:
	"""Note that one finding explains another, unless it is itself explained by it."""
	if cause not in links[effect] and not _leads_to(effect, cause, links):
		links[effect].append(cause)


def _leads_to(cause: str, effect: str, links: Links) -> bool:
	"""Tell whether ``cause`` is ``effect``, or explains it at once or by a chain."""
	seen: set[str] = set()
	waiting = [effect]
	while waiting:
		here = waiting.pop()
		if here == cause:
			return True
		if here not in seen:
			seen.add(here)
			waiting += links.get(here, ())
	return False


def causes_first(findings: Sequence[Finding]) -> list[Finding]:
	"""Order findings for reading: each after what explains it, then the gravest, then the largest."""
	by_fingerprint = {finding.fingerprint: finding for finding in findings}
	explains = Counter(cause for finding in findings for cause in finding.caused_by)
	depths: dict[str, int] = {}

	def key(finding: Finding) -> tuple[int, int, int, int, str]:
		return (
			_depth(finding, by_fingerprint, depths),
			finding.severity.order,
			-explains[finding.fingerprint],
			-finding.count,
			finding.fingerprint,
		)

	return sorted(findings, key=key)


def _depth(finding: Finding, known: dict[str, Finding], depths: dict[str, int]) -> int:
	"""Return how many links lie between a finding and the root that explains it; 0 for a root itself."""
	if finding.fingerprint not in depths:
		depths[finding.fingerprint] = 0  # where a circle comes back to it, it counts as a root
		depths[finding.fingerprint] = max(
			(1 + _depth(known[cause], known, depths) for cause in finding.caused_by if cause in known),
			default=0,
		)
	return depths[finding.fingerprint]
