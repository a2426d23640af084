"""Which finding explains which: the page shows causes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from recovery_console.core.finding import Finding, Severity
from recovery_console.core.runner import CheckResult


def link_causes(results: Sequence[CheckResult]) -> list[CheckResult]:
	"""Fill ``caused_by`` from what the checks declare in ``explained_by``.

	A finding is explained by every finding of an explaining check that is not merely informative. A chain is kept
	link by link; a circle is broken where it would close.
	"""
	by_check = {
		result.check.id: [finding for finding in result.findings if finding.severity is not Severity.INFO]
		for result in results
	}
	links = _links(results, {check_id for check_id, findings in by_check.items() if findings})
	return [
		replace(
			result,
			findings=tuple(
				_explained(
					finding, [cause for check_id in links[result.check.id] for cause in by_check[check_id]]
				)
				for finding in result.findings
			),
		)
		for result in results
	]


def _links(results: Sequence[CheckResult], speaking: set[str]) -> dict[str, list[str]]:
	"""Return which checks explain which, among those that found something; a link that closes a circle is left out."""
	links: dict[str, list[str]] = {result.check.id: [] for result in results}
	for result in results:
		for cause in result.check.explained_by:
			if cause in speaking and not _explains(result.check.id, cause, links):
				links[result.check.id].append(cause)
	return links


def _explains(cause: str, effect: str, links: dict[str, list[str]]) -> bool:
	"""Tell whether ``cause`` explains ``effect``, at once or by a chain."""
	return cause in links[effect] or any(_explains(cause, between, links) for between in links[effect])


def _explained(finding: Finding, causes: Sequence[Finding]) -> Finding:
	fingerprints = [cause.fingerprint for cause in causes if cause.fingerprint != finding.fingerprint]
	return replace(finding, caused_by=tuple(dict.fromkeys((*finding.caused_by, *fingerprints))))


def causes_first(findings: Sequence[Finding]) -> list[Finding]:
	"""Order findings for reading: each after what explains it, then the gravest, then the largest."""
	by_fingerprint = {finding.fingerprint: finding for finding in findings}
	weight = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}
	explains = Counter(cause for finding in findings for cause in finding.caused_by)

	def key(finding: Finding) -> tuple[int, int, int, int, str]:
		return (
			_depth(finding, by_fingerprint, frozenset()),
			weight[finding.severity],
			-explains[finding.fingerprint],
			-finding.count,
			finding.fingerprint,
		)

	return sorted(findings, key=key)


def _depth(finding: Finding, known: dict[str, Finding], below: frozenset[str]) -> int:
	"""Return how many links lie between a finding and the root that explains it; 0 for a root itself."""
	below = below | {finding.fingerprint}
	return max(
		(
			1 + _depth(known[cause], known, below)
			for cause in finding.caused_by
			if cause in known and cause not in below
		),
		default=0,
	)
