"""The report of a diagnosis, version 1: what every surface shows and what is stored."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from recovery_console import __version__
from recovery_console.core import extensions, thresholds
from recovery_console.core.causes import causes_first, link_causes
from recovery_console.core.changes import Change, recent_changes
from recovery_console.core.check import Check
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import Finding, Status, worst
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact
from recovery_console.core.registry import family_order
from recovery_console.core.runbooks.answers import for_finding
from recovery_console.core.runner import DEADLINE, CheckResult, Progress, run_checks
from recovery_console.core.site import Site

logger = logging.getLogger(__name__)

VERSION = 1
#: With more checks than these it pays to read at once which tables and columns there are.
A_WHOLE = 60
#: Exit status of ``diagnose`` per status of the site.
EXIT_STATUS = {
	Status.OK: 0,
	Status.INFO: 0,
	Status.SKIPPED: 0,
	Status.WARNING: 1,
	Status.CRITICAL: 2,
	Status.UNKNOWN: 3,
}


@dataclass(frozen=True)
class Report:
	"""The results of one diagnosis of one site.

	Args:
		site: Name of the site.
		frappe: Version of Frappe; empty when it is not known.
		started: When the diagnosis began, UTC.
		duration: How long it took.
		results: One per check.
		host: Name of the machine it ran on.
		changes: What changed on the site shortly before, latest first.
		notes: What the reader must know about the diagnosis itself, such as thresholds that could not be read.
	"""

	site: str
	frappe: str
	started: datetime
	duration: timedelta
	results: tuple[CheckResult, ...]
	host: str = ""
	changes: tuple[Change, ...] = field(default=())
	notes: tuple[str, ...] = field(default=())

	@property
	def status(self) -> Status:
		"""The loudest status of any check; ``unknown`` for a diagnosis without a single check."""
		return worst(result.status for result in self.results) if self.results else Status.UNKNOWN

	@property
	def exit_status(self) -> int:
		return EXIT_STATUS[self.status]

	@property
	def families(self) -> dict[str, Status]:
		"""Status per family, in the order in which families are shown."""
		families = sorted({result.check.family() for result in self.results}, key=family_order)
		return {
			family: worst(result.status for result in self.results if result.check.family() == family)
			for family in families
		}

	@property
	def findings(self) -> list[Finding]:
		"""All findings, causes first."""
		return causes_first([finding for result in self.results for finding in result.findings])

	def as_dict(self) -> dict[str, Any]:
		"""Return the report as design.md defines it, redacted."""
		report: dict[str, Any] = redact(
			{
				"version": VERSION,
				"site": self.site,
				"frappe": self.frappe,
				"console": __version__,
				"host": self.host,
				"started": self.started,
				"duration_ms": _milliseconds(self.duration, 0),
				"status": self.status.value,
				"families": {family: status.value for family, status in self.families.items()},
				"notes": self.notes,
				"changes": [change.as_dict() for change in self.changes],
				"checks": [_check(result) for result in self.results],
			}
		)
		return report

	def to_json(self) -> str:
		"""Return the report as JSON, a check per line."""
		report = self.as_dict()
		lines = [json.dumps(check, ensure_ascii=False) for check in report["checks"]]
		head = json.dumps({**report, "checks": []}, indent=1, ensure_ascii=False)
		return head.removesuffix("[]\n}") + "[\n  " + ",\n  ".join(lines) + "\n ]\n}"


def diagnose(
	site: Site,
	checks: Sequence[type[Check]],
	*,
	deadline: timedelta = DEADLINE,
	on_progress: Progress | None = None,
	monotonic: Callable[[], float] | None = None,
) -> Report:
	"""Run checks with the site's thresholds and return the report.

	Args:
		site: The site, opened.
		checks: Which checks to run.
		deadline: How long the whole diagnosis may take.
		on_progress: Called after each check.
		monotonic: The clock for durations, which a jump of the machine's time must not touch.
	"""
	import time

	measure = monotonic or time.monotonic
	started, begun = site.now(), measure()
	try:
		instances, notes = _build(site, checks)
		changes, unknown_changes = _recent_changes(site)
		site.release()
		results = link_causes(run_checks(site, instances, deadline=deadline, on_progress=on_progress))
	finally:
		site.shared.empty_tables.clear()
	return Report(
		site=site.name,
		frappe=site.frappe_version,
		started=started,
		duration=timedelta(seconds=measure() - begun),
		results=tuple(results),
		host=site.host.name,
		changes=tuple(changes),
		notes=(*notes, *unknown_changes, *extensions.notes(site)),
	)


def learn_whole(site: Site) -> None:
	"""Read which tables and columns there are, where that costs hardly more than reading it of those that are needed.

	Once for a diagnosis: who asks meanwhile waits.
	"""
	site.remember("catalogue", site.db.learn_whole)


def _recent_changes(site: Site) -> tuple[list[Change], list[str]]:
	try:
		return recent_changes(site)
	except Exception as error:
		logger.exception("Recent changes cannot be told")
		return [], [f"Recent changes are not known: {type(error).__name__}: {error}"]


def _build(site: Site, checks: Sequence[type[Check]]) -> tuple[list[Check], list[str]]:
	notes: list[str] = []
	overrides: dict[tuple[str, str], str] = {}
	try:
		if len(checks) > A_WHOLE:
			learn_whole(site)
		needed = [f"tab{doctype}" for check in checks for doctype in check.needs]
		site.db.learn(needed)
		if len(checks) > A_WHOLE:
			with suppress(SourceUnavailable):  # then each check asks by itself
				site.db.learn_empty(needed)
		overrides = thresholds.read_overrides(site)
	except Exception as error:
		logger.exception("Thresholds cannot be read")
		reason = error.reason if isinstance(error, SourceUnavailable) else f"{type(error).__name__}: {error}"
		notes.append(f"The site's own thresholds could not be read, so the defaults were used: {reason}")
	instances: list[Check] = []
	for check in checks:
		try:
			instances.append(thresholds.build(check, overrides))
		except UsageError as error:
			notes.append(f"{error.message} The default was used. {error.remedy}")
			instances.append(check())
	return instances, notes


def check_as_dict(result: CheckResult) -> dict[str, Any]:
	"""Return what one check said as the report holds it, redacted; what caused it is not known by then."""
	found: dict[str, Any] = redact(_check(result))
	return found


def _check(result: CheckResult) -> dict[str, Any]:
	return {
		"id": result.check.id,
		"family": result.check.family(),
		"title": result.check.title,
		"status": result.status.value,
		"reason": result.reason,
		"remedy": result.remedy,
		"duration_ms": _milliseconds(result.duration, 1),
		"measurements": result.measurements,
		"findings": [finding_as_dict(finding) for finding in result.findings],
	}


def finding_as_dict(finding: Finding) -> dict[str, Any]:
	"""Return a finding as the report holds it, its texts filled in. Not yet redacted."""
	return {
		"fingerprint": finding.fingerprint,
		"severity": finding.severity.value,
		"title": finding.render(finding.title),
		"cause": finding.render(finding.cause),
		"remedy": finding.render(finding.remedy),
		"count": finding.count,
		"subjects": [subject.as_dict() for subject in finding.subjects],
		"evidence": dict(finding.evidence),
		"runbooks": list(finding.runbooks or for_finding(finding.fingerprint)),
		"caused_by": list(finding.caused_by),
	}


def _milliseconds(duration: timedelta, digits: int) -> float:
	return round(duration.total_seconds() * 1000, digits or None)
