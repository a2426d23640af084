"""Which finding explains which: the page shows causes first."""

from __future__ import annotations

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
	return [
		replace(result, findings=tuple(_explained(finding, result, by_check) for finding in result.findings))
		for result in results
	]


def _explained(finding: Finding, result: CheckResult, by_check: dict[str, list[Finding]]) -> Finding:
	causes = [
		cause.fingerprint
		for check_id in result.check.explained_by
		for cause in by_check.get(check_id, [])
		if cause.fingerprint != finding.fingerprint
	]
	return replace(finding, caused_by=tuple(dict.fromkeys((*finding.caused_by, *causes))))


def causes_first(findings: Sequence[Finding]) -> list[Finding]:
	"""Order findings for reading: roots before what they explain, then the gravest, then the largest."""
	present = {finding.fingerprint for finding in findings}
	weight = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}
	explains = [cause for finding in findings for cause in finding.caused_by]

	def key(finding: Finding) -> tuple[bool, int, int, int, str]:
		explained = any(cause in present for cause in finding.caused_by)
		return (
			explained,
			weight[finding.severity],
			-explains.count(finding.fingerprint),
			-finding.count,
			finding.fingerprint,
		)

	return sorted(findings, key=key)
