"""The console's look at itself: silent where all is well, and where it is not installed; boundaries."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import look_at
from tests.support.console import HOURLY, install_console
from tests.support.sample import SampleSite


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def statuses(report: Report) -> dict[str, Status]:
	return {result.check.id: result.status for result in report.results}


def test_all_is_well_with_the_console_installed(any_site: SampleSite) -> None:
	install_console(any_site)
	report = look_at(any_site)
	of_site = [finding for finding in said(report) if not finding.fingerprint.startswith("host.")]
	assert [(finding.fingerprint, finding.render(finding.title)) for finding in of_site] == []
	found = statuses(report)
	assert [check for check, status in found.items() if status is Status.UNKNOWN] == []
	own = {check: status for check, status in found.items() if check.startswith("console.")}
	skipped = {"console.heartbeat"}  # nobody elsewhere is called
	if any_site.database.dialect == "sqlite":
		skipped.add("console.size")
	assert {check for check, status in own.items() if status is not Status.OK} == skipped


def test_without_the_console_on_the_site_nothing_is_asked(site: SampleSite) -> None:
	assert set(statuses(look_at(site, families=("console",))).values()) == {Status.SKIPPED}


def test_without_the_database_nothing_is_known(site: SampleSite) -> None:
	install_console(site)
	site.set_config(db_name="gone")
	assert set(statuses(look_at(site, families=("console",))).values()) == {Status.UNKNOWN}


def test_snapshots_switched_off_are_not_missed(site: SampleSite) -> None:
	install_console(site, snapshots=0)
	site.set_single("Recovery Settings", snapshots_enabled=0)
	assert statuses(look_at(site, "console.snapshots_late")) == {"console.snapshots_late": Status.SKIPPED}


def test_a_snapshot_may_be_three_hours_old(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	name = console.snapshot(site.hours_ago(3))
	assert said(look_at(site, "console.snapshots_late")) == []
	second = timedelta(seconds=1)
	console.data.update("Health Snapshot", name, creation=site.hours_ago(3) - second)
	(finding,) = said(look_at(site, "console.snapshots_late"))
	assert finding.evidence["age"] == "3 h"


def test_a_console_just_set_up_needs_no_snapshot(site: SampleSite) -> None:
	install_console(site, snapshots=0)
	site.update("Scheduled Job Type", {"method": HOURLY}, creation=site.hours_ago(1))
	assert said(look_at(site, "console.snapshots_late")) == []


def test_a_damaged_report_counts_for_nothing(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number, report in enumerate(("", "{", "[]", "null", '{"checks": 1}', '{"checks": [{"id": 1}]}')):
		console.snapshot(site.hours_ago(0.5 + number), report=report)
	found = statuses(look_at(site, "console.often_unknown", "console.over_budget"))
	assert set(found.values()) == {Status.SKIPPED}
