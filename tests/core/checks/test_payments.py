"""Payments: the edges that the fault catalogue does not walk along."""

from __future__ import annotations

from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import look_at
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def findings(report: Report) -> list[Finding]:
	(result,) = report.results
	assert result.status not in (Status.UNKNOWN, Status.SKIPPED), result.reason
	return list(result.findings)


def test_without_a_database_nothing_is_well(site: SampleSite) -> None:
	site.set_config(db_name="_gone")
	report = look_at(site, families=("payments",))
	assert {result.status for result in report.results} == {Status.UNKNOWN}


def test_a_bank_line_is_late_only_after_its_limit(site: SampleSite) -> None:
	books.add_bank_line(site, "BTN-today", age=14)
	assert findings(look_at(site, "payments.bank_unmatched")) == []
	books.add_bank_line(site, "BTN-late", age=15)
	(found,) = findings(look_at(site, "payments.bank_unmatched"))
	assert [subject.name for subject in found.subjects] == ["BTN-late"]


def test_payments_far_apart_are_regular_ones(site: SampleSite) -> None:
	books.add_payment(site, "PAY-1", 0, age=12, reference_no="Fee")
	books.add_payment(site, "PAY-2", 0, age=6, reference_no="Fee")
	assert findings(look_at(site, "payments.duplicates")) == []
	books.add_payment(site, "PAY-3", 0, age=1, reference_no="Fee")
	(found,) = findings(look_at(site, "payments.duplicates"))
	assert [subject.name for subject in found.subjects] == ["PAY-3"]


def test_more_duplicates_than_a_finding_names_are_all_counted(site: SampleSite) -> None:
	for number in range(25):
		books.add_payment(site, f"PAY-{number:02d}", 0, age=3, reference_no="Same")
	(found,) = findings(look_at(site, "payments.duplicates"))
	assert (found.count, len(found.subjects)) == (24, 20)
	assert found.evidence["amount"] == 24 * books.FEE


def test_a_bank_account_that_is_seldom_used_may_be_silent(site: SampleSite) -> None:
	for number in range(8):
		books.add_bank_line(site, f"BTN-{number}", age=12 + number, status="Reconciled", docstatus=0)
	assert findings(look_at(site, "payments.bank_feed")) == []


def test_the_ledger_monitor_counts_only_where_it_is_on(site: SampleSite) -> None:
	site.insert("Ledger Health", name=1, voucher_type="Sales Invoice", voucher_no="A")
	(result,) = look_at(site, "payments.ledger_health").results
	assert (result.status, result.reason) == (
		Status.SKIPPED,
		"The Ledger Health Monitor is not switched on.",
	)


def test_an_account_that_stopped_in_both_ways_is_named_once(site: SampleSite) -> None:
	for number in range(12):
		books.add_bank_line(site, f"BTN-{number}", age=15 + number, status="Reconciled", docstatus=0)
	account = site.rows("Bank Transaction", "BTN-0", ["bank_account"])[0]["bank_account"]
	site.update(
		"Bank Account",
		account,
		is_company_account=1,
		integration_id="abc",
		last_integration_date=site.days_ago(16).date(),
	)
	(found,) = findings(look_at(site, "payments.bank_feed"))
	assert (found.fingerprint, [subject.name for subject in found.subjects]) == (
		"payments.bank_feed",
		[account],
	)
