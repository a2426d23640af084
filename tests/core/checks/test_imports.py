"""Boundaries of the import checks that no fault covers: what a new start would skip, and jobs that live."""

from __future__ import annotations

import json

import pytest

from recovery_console.core.checks.imports._runs import serious, shown
from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.faults.imports._imports import BANK, add_import, add_import_job
from tests.support.sample import SampleSite


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def test_the_rows_that_a_new_start_would_skip_are_named(any_site: SampleSite) -> None:
	add_import(any_site, "contacts", status="Partial Success", total=10, done=4, failed=[3, 6])
	(finding,) = said(look_at(any_site, "imports.interrupted"))
	assert finding.evidence["rows_skipped"] == [3, 6]
	assert (finding.evidence["done"], finding.evidence["failed"], finding.evidence["left"]) == (4, 2, 4)
	assert "3, 6" in finding.render(finding.remedy)


def test_where_no_row_failed_a_new_start_skips_nothing_that_is_missing(site: SampleSite) -> None:
	add_import(site, "contacts", status="Partial Success", total=10, done=4)
	(finding,) = said(look_at(site, "imports.interrupted"))
	assert finding.evidence["rows_skipped"] == []
	assert "failed" not in finding.render(finding.remedy)


def test_an_import_whose_rows_are_all_logged_did_not_stop(site: SampleSite) -> None:
	add_import(site, "contacts", status="Partial Success", total=6, done=4, failed=[3, 6])
	assert said(look_at(site, "imports.interrupted")) == []
	(finding,) = said(look_at(site, "imports.partial"))
	assert finding.evidence["rows"] == {"contacts": "3, 6"}


def test_many_row_numbers_are_cut_short() -> None:
	assert shown(range(2, 60)).endswith("51 and 8 more")


@pytest.mark.parametrize(("database", "frappe"), [("sqlite", 16), ("mariadb", 15)])
@pytest.mark.parametrize("doctype", ["Data Import", BANK])
def test_an_import_at_work_is_left_alone(
	samples: Samples, pytestconfig: pytest.Config, database: str, frappe: int, doctype: str
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	site = samples.site(database, frappe)
	name = f"Contact Import on {site.hours_ago(1):%Y-%m-%d %H:%M:%S.%f}"
	add_import(site, name, doctype=doctype, status="Partial Success", total=10, done=4, import_file="")
	add_import_job(site, name, doctype=doctype, status="started", score=site.bench.now.timestamp() + 90)
	assert said(look_at(site, "imports.interrupted", "imports.pending", "imports.partial")) == []


def test_a_bank_statement_with_failed_lines_may_still_be_at_work(site: SampleSite) -> None:
	add_import(site, "statement", doctype=BANK, status="Partial Success", done=5, failed=[3])
	add_import_job(site, "statement", doctype=BANK, status="started", score=site.bench.now.timestamp() + 90)
	assert said(look_at(site, "imports.partial")) == []


@pytest.mark.parametrize(("minutes", "found"), [(15, 0), (15.1, 1)])
def test_a_job_may_wait_for_a_quarter_of_an_hour(site: SampleSite, minutes: float, found: int) -> None:
	add_import(site, "contacts", total=10)
	add_import_job(site, "contacts", enqueued_at=site.minutes_ago(minutes))
	assert len(said(look_at(site, "imports.pending"))) == found


@pytest.mark.parametrize(("hours", "found"), [(24 * 7, 1), (24 * 7 + 0.01, 0)])
def test_only_the_last_days_count(site: SampleSite, hours: float, found: int) -> None:
	add_import(site, "contacts", status="Error", total=3, hours=hours)
	assert len(said(look_at(site, "imports.failed"))) == found


@pytest.mark.parametrize(("hours", "found"), [(3, 1), (2.99, 0)])
def test_a_run_of_another_app_may_take_three_hours(site: SampleSite, hours: float, found: int) -> None:
	site.insert(
		"Mijnrood CSV Import", name="members", import_status="In Progress", modified=site.hours_ago(hours)
	)
	assert len(said(look_at(site, "imports.app_stuck"))) == found


def test_warnings_that_cannot_be_read_are_warnings() -> None:
	assert serious("") == []
	assert serious(json.dumps([{"type": "info", "message": "x"}])) == []
	assert serious("{not json") == [{"message": "{not json"}]
	assert serious(json.dumps(["a text"])) == [{"message": "a text"}]


def test_hints_about_the_file_do_not_hide_an_import_that_never_began(site: SampleSite) -> None:
	hint = json.dumps([{"type": "info", "message": "Column Foo does not exist"}])
	add_import(site, "contacts", total=10, hours=5, template_warnings=hint)
	assert [finding.severity.value for finding in said(look_at(site, "imports.pending"))] == ["info"]


def test_a_file_address_that_leads_elsewhere_is_missing(site: SampleSite) -> None:
	add_import(site, "contacts", total=10, import_file="/private/files/../../site_config.json")
	add_import(site, "sheet", total=10, import_file="https://files.example.org/contacts.csv")
	(finding,) = said(look_at(site, "imports.missing_file"))
	assert [subject.name for subject in finding.subjects] == ["contacts"]


def test_without_a_queue_it_is_unknown_whether_an_import_is_at_work(site: SampleSite) -> None:
	add_import(site, "contacts", status="Partial Success", total=10, done=4)
	site.bench.redis_queue.kill()
	report = look_at(site, "imports.interrupted", "imports.failed")
	site.bench.restore()
	status = {result.check.id: result.status for result in report.results}
	assert status == {"imports.interrupted": Status.UNKNOWN, "imports.failed": Status.OK}
