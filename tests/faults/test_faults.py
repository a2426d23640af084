"""Every fault is found, exactly, on every database; and nothing else is said."""

from __future__ import annotations

import pytest

from recovery_console.core.finding import Finding, Severity, Status
from recovery_console.core.registry import all_checks, select_checks
from recovery_console.core.report import Report
from tests.conftest import USUAL_FRAPPE, Samples, look_at
from tests.faults import Fault, all_faults, truth

DATABASES = ("sqlite", "mariadb", "postgres")
CASES = [
	pytest.param(fault_id, database, id=f"{fault_id}-{database}")
	for fault_id, fault in sorted(all_faults().items())
	for database in DATABASES
	if database in fault.databases and (database != "sqlite" or 16 in fault.frappe)  # SQLite came with 16
]


def ids_for(fault: Fault) -> tuple[str, ...]:
	"""Every ordinary check, and the fault's own where that one is on request."""
	return (*(check.id for check in select_checks()), fault.check)


@pytest.mark.parametrize(("fault_id", "database"), CASES)
def test_a_fault_is_found_and_nothing_else(
	fault_id: str, database: str, samples: Samples, pytestconfig: pytest.Config
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	fault = all_faults()[fault_id]
	usual = USUAL_FRAPPE[database]
	site = samples.site(database, usual if usual in fault.frappe else fault.frappe[0])
	fault.breaks(site)
	report = look_at(site, *ids_for(fault))
	site.bench.restore()  # also starts what the fault stopped
	truth.note(pytestconfig, fault_id, database, fault, report)
	expect_found(fault, report)
	expect_nothing_else(fault, report)


def expect_found(fault: Fault, report: Report) -> None:
	result = next(result for result in report.results if result.check.id == fault.check)
	assert result.status is not Status.UNKNOWN, result.reason
	assert result.status is not Status.SKIPPED, result.reason
	findings = [finding for finding in result.findings if finding.severity.value == fault.severity]
	assert findings, f"not found; the check said {result.findings or 'nothing'}"
	assert sum(finding.count for finding in findings) == fault.count, findings
	named = {subject.name for finding in findings for subject in finding.subjects}
	assert named.issuperset(fault.subjects), f"{named} lacks {set(fault.subjects) - named}"
	if fault.subjects and fault.count <= 20 and fault.count == len(fault.subjects):
		assert named == set(fault.subjects)
	for finding in findings:
		expect_readable(finding)


def expect_readable(finding: Finding) -> None:
	for text in (finding.title, finding.cause, finding.remedy):
		shown = finding.render(text)
		assert "{" not in shown, f"a placeholder was not filled in: {shown}"
	assert finding.title, finding.fingerprint
	assert finding.remedy or finding.severity is Severity.INFO, f"{finding.fingerprint} says not what to do"


def expect_nothing_else(fault: Fault, report: Report) -> None:
	others = truth.false_alarms(fault, report)
	assert not others, (
		f"also raised: {[(finding.fingerprint, finding.render(finding.title)) for finding in others]}"
	)
	unknown = [
		(result.check.id, result.reason)
		for result in report.results
		if result.status is Status.UNKNOWN and result.check.id not in fault.also and not fault.blinds
	]
	assert not unknown, f"could not look: {unknown}"


@pytest.mark.parametrize(
	("database", "frappe"),
	[("sqlite", 16), ("mariadb", 15), ("mariadb", 16), ("postgres", 15), ("postgres", 16)],
)
def test_a_healthy_site_is_silent(
	database: str, frappe: int, samples: Samples, pytestconfig: pytest.Config
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	report = look_at(samples.site(database, frappe))
	findings = [finding for finding in report.findings if not finding.fingerprint.startswith(truth.MACHINE)]
	assert [(finding.fingerprint, finding.render(finding.title)) for finding in findings] == []
	assert [
		(result.check.id, result.reason) for result in report.results if result.status is Status.UNKNOWN
	] == []


def test_every_check_has_a_fault_that_triggers_it() -> None:
	proven = {fault.check for fault in all_faults().values()}
	assert sorted(set(all_checks()) - proven) == [], "a check without a fault does not exist: write the fault"


def test_every_fault_names_checks_that_exist() -> None:
	named = {check for fault in all_faults().values() for check in (fault.check, *fault.also)}
	assert sorted(named - set(all_checks())) == []
