"""The truth table of the fault catalogue: what was detected, what was said falsely, and whether the cause came first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest

from recovery_console.core.finding import Finding, Severity, Status
from recovery_console.core.report import Report
from tests.faults import Fault

LOUD = (Severity.WARNING, Severity.CRITICAL)
#: What these say of the machine that runs the tests is true, and no false alarm; their own faults prove them.
MACHINE = ("host.disk", "host.inodes", "host.load", "host.memory", "host.open_files")


@dataclass(frozen=True)
class Row:
	"""How the diagnosis of one broken site went."""

	family: str
	detected: bool
	false_alarms: int
	cause_first: bool


TABLE = pytest.StashKey[dict[tuple[str, str], Row]]()


def note(config: pytest.Config, fault_id: str, database: str, fault: Fault, report: Report) -> None:
	"""Write down how a fault was diagnosed."""
	result = next(result for result in report.results if result.check.id == fault.check)
	detected = result.status not in (Status.UNKNOWN, Status.SKIPPED) and any(
		finding.severity.value == fault.severity for finding in result.findings
	)
	machine = () if fault.check.startswith("host.") else MACHINE
	loud = [finding for finding in report.findings if not finding.fingerprint.startswith(machine)]
	first = loud[0].fingerprint.partition(":")[0] if loud else ""
	row = Row(
		family=fault.check.partition(".")[0],
		detected=detected,
		false_alarms=len(false_alarms(fault, report)),
		cause_first=first in (fault.check, *fault.also),
	)
	config.stash.setdefault(TABLE, {})[fault_id, database] = row


def false_alarms(fault: Fault, report: Report) -> list[Finding]:
	"""Return what was said of a site that neither the fault names nor its findings explain."""
	mine = {
		finding.fingerprint
		for result in report.results
		if result.check.id in (fault.check, *fault.also)
		for finding in result.findings
	}
	return [
		finding
		for finding in report.findings
		if finding.severity in LOUD
		and not finding.fingerprint.startswith(MACHINE)
		and finding.fingerprint not in mine
		and not mine.intersection(finding.caused_by)
	]


def lines(config: pytest.Config) -> list[str]:
	"""Return the table, a line per family; nothing where no fault was tried."""
	families: dict[str, list[Row]] = defaultdict(list)
	for row in config.stash.get(TABLE, {}).values():
		families[row.family].append(row)
	if not families:
		return []
	everything = [row for rows in families.values() for row in rows]
	shown = [f"{'family':<14}{'diagnoses':>10}{'detected':>10}{'false alarms':>14}{'cause first':>13}"]
	for family, rows in [*sorted(families.items()), ("all", everything)]:
		shown.append(
			f"{family:<14}{len(rows):>10}{sum(row.detected for row in rows):>10}"
			f"{sum(row.false_alarms for row in rows):>14}{sum(row.cause_first for row in rows):>13}"
		)
	return shown
