"""Every fault that names a runbook: planned, approved, made, verified; only what was planned changed; undone."""

from __future__ import annotations

import pytest

from recovery_console.core.edits import Act
from recovery_console.core.engine import needs_frappe
from recovery_console.core.run import RunState
from recovery_console.core.runbooks import find_runbook
from tests.conftest import USUAL_FRAPPE, Samples, look_at
from tests.faults import Fault, all_faults
from tests.faults.footprint import expect_same, take, unplanned
from tests.faults.test_faults import CASES
from tests.support.repairs import APPROVER, engine, start, to_the_end
from tests.support.sample import SampleSite


def first_of_each_runbook() -> set[str]:
	"""Return one fault per runbook."""
	found: dict[str, str] = {}
	for fault_id, fault in sorted(all_faults().items()):
		if "postgres" in fault.databases:
			found.setdefault(fault.runbook, fault_id)
	return set(found.values())


#: On SQLite and MariaDB all of them; on PostgreSQL one per runbook, for its SQL.
REPAIRED = [
	case
	for case in CASES
	if all_faults()[str(case.values[0])].runbook
	and (case.values[1] != "postgres" or case.values[0] in first_of_each_runbook())
]


@pytest.mark.parametrize(("fault_id", "database"), REPAIRED)
def test_a_repair_changes_what_it_planned_and_nothing_else(
	fault_id: str, database: str, samples: Samples, pytestconfig: pytest.Config
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	fault = all_faults()[fault_id]
	usual = USUAL_FRAPPE[database]
	site = samples.site(database, usual if usual in fault.frappe else fault.frappe[0])
	fault.breaks(site)
	try:
		repair(site, fault)
	finally:
		site.bench.restore()


def repair(site: SampleSite, fault: Fault) -> None:
	works = engine(site)
	run = start(works, fault.runbook, fault.given, site)
	edits = [edit for _number, plan in run.plans for edit in plan.edits]
	if needs_frappe(run):
		# Documents are changed by Frappe alone; here it is seen what would be, on a bench that it is.
		assert edits, "nothing is planned"
		return
	tables = {edit.table for edit in edits if hasattr(edit, "table")}
	before = take(site, tables)
	run = to_the_end(works, run, site)
	assert run.state is RunState.SUCCEEDED, f"{run.said} {run.left} {[step.said for step in run.steps]}"
	expect_gone(site, fault)
	if any(isinstance(edit, Act) for edit in edits) or any(step.step.late for step in run.steps):
		return
	after = take(site, tables)
	assert unplanned(before, after, edits, site) == []
	if not run.reversible:
		return
	works.undo(run.id, APPROVER)
	run = to_the_end(works, works.journal.load(run.id), site)
	assert run.state is RunState.UNDONE, run.said
	expect_same(before, take(site, tables))


def expect_gone(site: SampleSite, fault: Fault) -> None:
	report = look_at(site, fault.check)
	result = next(result for result in report.results if result.check.id == fault.check)
	found = [finding for finding in result.findings if finding.severity.value == fault.severity]
	assert sum(finding.count for finding in found) == fault.left, (result.status, result.reason, found)


def test_every_fault_names_a_runbook_that_answers_its_check() -> None:
	for fault_id, fault in all_faults().items():
		if fault.runbook:
			runbook = find_runbook(fault.runbook)
			assert fault.check in {*runbook.findings, *runbook.verify}, f"{fault_id}: {fault.runbook}"
