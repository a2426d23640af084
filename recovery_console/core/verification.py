"""Whether a run helped: the checks that its runbook answers are run again and compared with before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from recovery_console.core import thresholds
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.extensions import checks_for
from recovery_console.core.finding import Finding, Severity, Status
from recovery_console.core.record import dataclass
from recovery_console.core.run import Run
from recovery_console.core.runner import CheckResult, run_checks
from recovery_console.core.site import Site

Found = dict[str, dict[str, Any]]


def look(site: Site, ids: Iterable[str]) -> list[CheckResult]:
	"""Run checks with the site's thresholds; one that the site does not have is left out."""
	known = checks_for(site)
	try:
		overrides = thresholds.read_overrides(site)
	except SourceUnavailable:
		overrides = {}
	checks = [thresholds.build(known[name], overrides) for name in dict.fromkeys(ids) if name in known]
	site.release()
	return run_checks(site, checks)


def as_found(results: Sequence[CheckResult]) -> Found:
	"""Return what checks found, for a run's journal: per check its status and its findings."""
	return {
		result.check.id: {
			"status": result.status.value,
			"findings": {
				finding.fingerprint: {
					"count": finding.count,
					"severity": finding.severity.value,
					"subjects": [subject.name for subject in finding.subjects],
				}
				for finding in result.findings
			},
		}
		for result in results
	}


@dataclass(frozen=True)
class Verdict:
	"""Whether the findings of a run are gone.

	Args:
		ok: They are, or what is left of them was not planned to go.
		said: In one sentence.
		left: What is left, a sentence each.
	"""

	ok: bool
	said: str
	left: tuple[str, ...] = ()


def judge(run: Run, after: Sequence[CheckResult]) -> Verdict:
	"""Compare what the checks say now with what they said before the run.

	It helped when the findings are gone, or when they shrank and none of what is left was planned to go.
	"""
	unknown = [result for result in after if result.status is Status.UNKNOWN]
	if unknown:
		said = [
			f"{result.check.title}: it could not be looked at again. {result.reason}" for result in unknown
		]
		return Verdict(False, "It could not be looked at whether this helped.", tuple(said))
	bad = sum(len(step.bad) for step in run.steps)
	unmade = (f"{bad} of {run.planned} planned changes were not made.",) if bad else ()
	if not after:
		return Verdict(not bad, "Done. No check can tell whether it helped.", unmade)
	loud = [
		(result, finding)
		for result in after
		for finding in result.findings
		if finding.severity is not Severity.INFO
	]
	left = tuple(f"{result.check.title}: {finding.render(finding.title)}" for result, finding in loud)
	if not loud:
		gone = (
			"The problem is gone." if _was_wrong(run) else "Done. The checks find nothing wrong, as before."
		)
		return Verdict(True, gone, unmade)
	planned = {batch.subject.name for _number, plan in run.plans for batch in plan.batches}
	if _shrank(run, after) and all(_is_rest(run, finding, planned) for _result, finding in loud):
		return Verdict(True, "What was planned is done; some of the problem is left.", (*left, *unmade))
	return Verdict(False, "The problem is still there.", (*left, *unmade))


def _was_wrong(run: Run) -> bool:
	"""Tell whether the checks found anything before the run."""
	return any(
		found["severity"] != Severity.INFO
		for check in run.before.values()
		for found in check["findings"].values()
	)


def _counts(findings: Iterable[tuple[str, int, str]]) -> dict[str, int]:
	return {fingerprint: count for fingerprint, count, severity in findings if severity != Severity.INFO}


def _shrank(run: Run, after: Sequence[CheckResult]) -> bool:
	"""Tell whether any finding of before is gone or counts fewer."""
	before = _counts(
		(name, found["count"], found["severity"])
		for check in run.before.values()
		for name, found in check["findings"].items()
	)
	now = _counts(
		(finding.fingerprint, finding.count, finding.severity.value)
		for result in after
		for finding in result.findings
	)
	return any(now.get(name, 0) < count for name, count in before.items())


def _is_rest(run: Run, finding: Finding, planned: set[str]) -> bool:
	"""Tell whether a finding was there before and is not about what was planned to go."""
	check = finding.fingerprint.partition(":")[0]
	was = run.before.get(check, {}).get("findings", {}).get(finding.fingerprint, {})
	about = {subject.name for subject in finding.subjects}
	return bool(was) and finding.count <= was["count"] and not about & planned
