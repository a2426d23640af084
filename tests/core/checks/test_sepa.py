"""SEPA: the edges that the fault catalogue does not walk along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from recovery_console.core.checks.sepa._accounts import bic_mistake, iban_mistake, umr_mistake
from recovery_console.core.checks.sepa._reasons import FILE, known_reasons, reason_of, tomllib
from recovery_console.core.checks.sepa._target import is_target_day, next_target_day, target_days_before
from recovery_console.core.checks.sepa.creditor import creditor_id_mistake
from recovery_console.core.checks.sepa.mandate_dormant import months_before
from recovery_console.core.finding import Finding, Status
from recovery_console.core.registry import all_checks
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.core.test_profile import OWN, add_profile
from tests.faults.sepa import _data as sepa
from tests.support import sepa_numbers
from tests.support.sample import SampleBench, SampleSite, SqliteTarget
from tests.support.services import Redis


def findings(report: Report, check: str) -> list[Finding]:
	(result,) = [result for result in report.results if result.check.id == check]
	assert result.status not in (Status.UNKNOWN, Status.SKIPPED), result.reason
	return list(result.findings)


@pytest.fixture
def bench(samples: Samples, tmp_path: Path) -> Iterator[SampleBench]:
	return SampleBench.create(
		tmp_path / "bench",
		redis_cache=samples.service(Redis, "redis-cache"),  # type: ignore[arg-type]
		redis_queue=samples.service(Redis, "redis-queue"),  # type: ignore[arg-type]
	)


# -- where it does not apply, and where it cannot look


def test_a_site_without_erpnext_skips_everything_and_says_why(bench: SampleBench) -> None:
	plain = bench.add_site("plain.example.org", database=SqliteTarget(), frappe=16, apps=("frappe",))
	report = look_at(plain, families=("sepa",))
	assert len(report.results) >= 25
	assert {(result.check.id, result.status) for result in report.results} == {
		(check, Status.SKIPPED) for check in all_checks() if check.startswith("sepa.")
	}
	assert all(result.reason for result in report.results)


def test_erpnext_alone_is_asked_only_for_what_it_has(bench: SampleBench) -> None:
	shop = bench.add_site(
		"shop.example.org", database=SqliteTarget(), frappe=16, apps=("frappe", "erpnext", "banking")
	)
	report = look_at(shop, families=("sepa",))
	looked = {result.check.id for result in report.results if result.status is not Status.SKIPPED}
	assert looked == {"sepa.bank_account_iban", "sepa.profile", "sepa.unknown_status"}
	assert report.findings == []


def test_without_a_database_nothing_is_well(site: SampleSite) -> None:
	site.set_config(db_name="_gone")
	report = look_at(site, families=("sepa",))
	assert {result.status for result in report.results} == {Status.UNKNOWN}


def test_without_an_active_mandate_the_creditor_does_not_matter(site: SampleSite) -> None:
	site.set_single("Verenigingen Settings", creditor_id=None)
	site.update("SEPA Mandate", None, status="Cancelled")
	(result,) = look_at(site, "sepa.creditor").results
	assert result.status is Status.SKIPPED


def test_a_profile_of_ones_own_that_is_torn_or_wrong_is_reported(site: SampleSite) -> None:
	add_profile(site, "torn", "roles = [")
	add_profile(site, "ours", OWN)
	found = findings(look_at(site, "sepa.profile"), "sepa.profile")
	assert {finding.fingerprint for finding in found} == {"sepa.profile:torn", "sepa.profile:ours:site"}


# -- edges


def test_an_expiry_date_of_today_is_still_good(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), expiry_date=site.now.date())
	assert findings(look_at(site, "sepa.mandate_expired"), "sepa.mandate_expired") == []


def test_a_signature_of_today_is_not_in_the_future(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), sign_date=site.now.date())
	assert findings(look_at(site, "sepa.mandate_details"), "sepa.mandate_details") == []


@pytest.mark.parametrize(("days", "found"), [(0, 0), (-1, 1)])
def test_a_mandate_lapses_after_36_months_to_the_day(site: SampleSite, days: int, found: int) -> None:
	limit = months_before(site.now.date(), 36)
	sepa.add_mandate(site, 0, "OLD", sign_date=limit - timedelta(days=800), used_for_memberships=0)
	sepa.add_batch(site, "BATCH-OLD", limit + timedelta(days=days), status="Processed")
	sepa.add_line(
		site, "BATCH-OLD", 0, sepa.invoice_name(site, 1), mandate_reference="OLD", status="Successful"
	)
	assert len(findings(look_at(site, "sepa.mandate_dormant"), "sepa.mandate_dormant")) == found


def test_a_returned_collection_keeps_a_mandate_alive(site: SampleSite) -> None:
	sepa.add_mandate(site, 0, "BACK", sign_date=site.days_ago(2000).date(), used_for_memberships=0)
	sepa.add_batch(site, "BATCH-BACK", site.days_ago(400).date(), status="Failed")
	sepa.add_line(
		site, "BATCH-BACK", 0, sepa.invoice_name(site, 1), mandate_reference="BACK", status="Failed"
	)
	assert findings(look_at(site, "sepa.mandate_dormant"), "sepa.mandate_dormant") == []


def test_a_draft_and_a_cancelled_batch_present_nothing(site: SampleSite) -> None:
	old = site.days_ago(2000).date()
	sepa.add_mandate(site, 0, "IDLE", sign_date=old, used_for_memberships=0)
	for name, docstatus, status in (("BATCH-D", 0, "Draft"), ("BATCH-C", 2, "Generated")):
		sepa.add_batch(site, name, sepa.next_collection(site), status=status, docstatus=docstatus)
		sepa.add_line(site, name, 0, sepa.invoice_name(site, 1), mandate_reference="IDLE")
	(finding,) = findings(look_at(site, "sepa.mandate_dormant"), "sepa.mandate_dormant")
	assert finding.fingerprint == "sepa.mandate_dormant:verenigingen:unused"


@pytest.mark.parametrize(("days", "found"), [(7, 0), (8, 1)])
def test_an_invoice_may_wait_a_week_for_its_batch(site: SampleSite, days: int, found: int) -> None:
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))
	site.update("Sales Invoice", sepa.open_invoice(site, 0), due_date=site.days_ago(days).date())
	assert len(findings(look_at(site, "sepa.invoice_starved"), "sepa.invoice_starved")) == found


def test_who_pays_in_another_way_is_not_starved(site: SampleSite) -> None:
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))
	site.update("Sales Invoice", sepa.open_invoice(site, 0), due_date=site.days_ago(20).date())
	site.update("Member", sepa.member_name(site, 0), payment_method="Bank Transfer")
	assert findings(look_at(site, "sepa.invoice_starved"), "sepa.invoice_starved") == []


def test_a_cancelled_batch_holds_nothing_whatever_its_status_says(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-C", sepa.earlier_target_day(site, 10), docstatus=2)
	for number in (0, 1):
		sepa.add_line(site, "BATCH-C", number, sepa.open_invoice(site, number))
	assert look_at(site, families=("sepa",)).findings == []


def test_a_returned_collection_may_be_in_a_second_batch(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-SENT", sepa.earlier_target_day(site, 10), status="Submitted")
	sepa.add_line(site, "BATCH-SENT", 0, sepa.open_invoice(site, 0), status="Failed", result_code="AM04")
	assert findings(look_at(site, "sepa.line_twice"), "sepa.line_twice") == []


def test_two_members_may_share_an_account(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 1), iban=sepa.party_iban(0))
	site.update("Member", sepa.member_name(site, 1), iban=sepa.party_iban(0))
	site.update("Direct Debit Batch Invoice", sepa.draft_line(site, 1), iban=sepa.party_iban(0))
	assert [
		finding
		for finding in look_at(site, families=("sepa",)).findings
		if finding.fingerprint != "sepa.mandate_bic"
	] == []


def test_an_account_number_is_never_shown(site: SampleSite) -> None:
	wrong = "NL92ABNA0417164300"
	sepa.add_mandate(site, 0, "M-1", iban=wrong, used_for_memberships=0)
	text = look_at(site, families=("sepa",)).to_json()
	assert wrong not in text
	assert sepa.party_iban(0) not in text


# -- the rules themselves


@pytest.mark.parametrize(
	("text", "code"),
	[
		("NL91ABNA0417164300", ""),
		("LT121000011101001000", ""),
		("NL64ABNA0417164301", ""),  # fails the old eleven-test, which new numbers need not pass
		("RS35260005601001611379", ""),
		("NL91 ABNA 0417 1643 00", "spaced"),
		("nl91abna0417164300", "spaced"),
		("NL91ABNA041716430", "length"),
		("NL92ABNA0417164300", "check_digits"),
		("NL91ABNAO417164300", "characters"),
		("NL91-ABNA-0417164300", "characters"),
		("XX91ABNA0417164300", "country"),
		("TR330006100519786457841326", "outside"),
		("  ", "missing"),
	],
)
def test_ibans(text: str, code: str) -> None:
	assert iban_mistake(text) == code


@pytest.mark.parametrize(
	("text", "country", "code"),
	[
		("ABNANL2A", "NL", ""),
		("ABNANL2AXXX", "NL", ""),
		("N26 DEB1 XXX", "DE", "malformed"),
		("ABNANL2", "NL", "malformed"),
		("DEUTDEFF", "NL", "country"),
		("BARCJESH", "GB", ""),
		("ABNANL2A", "", ""),
	],
)
def test_bics(text: str, country: str, code: str) -> None:
	assert bic_mistake(text, country) == code


@pytest.mark.parametrize(
	("text", "code"),
	[
		("A" * 35, ""),
		("A" * 36, "length"),
		("M-1/2?(3):.,'+", ""),
		("MANDATE_1", "characters"),
		("/M1", "characters"),
		("M//1", "characters"),
		("Müller-1", "characters"),
		("", "missing"),
	],
)
def test_mandate_references(text: str, code: str) -> None:
	assert umr_mistake(text) == code


@pytest.mark.parametrize(
	("text", "code"),
	[
		("NL69ZZZ123456780000", ""),
		("NL69ABC123456780000", ""),  # the business code takes no part in the check
		("NL99ZZZ123456780000", "check_digits"),
		("DE98ZZZ09999999999", ""),
		("", "missing"),
	],
)
def test_creditor_identifiers(text: str, code: str) -> None:
	assert creditor_id_mistake(text) == code


def test_a_creditor_identifier_of_the_wrong_length_is_found_though_its_digits_fit() -> None:
	assert creditor_id_mistake(sepa_numbers.creditor_id(national="1234567800")) == "length"


def test_the_calendar_is_that_of_target() -> None:
	closed = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-11-22")
	assert [day for day in closed if is_target_day(date.fromisoformat(day))] == []
	assert is_target_day(date(2026, 4, 27))  # a Dutch holiday, which TARGET does not know
	assert next_target_day(date(2026, 4, 3)) == date(2026, 4, 7)
	assert target_days_before(date(2026, 4, 7), 1) == date(2026, 4, 2)


def test_months_are_counted_to_the_day() -> None:
	assert months_before(date(2026, 11, 22), 36) == date(2023, 11, 22)
	assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
	assert months_before(date(2026, 1, 31), 11) == date(2025, 2, 28)


def test_every_reason_code_says_what_to_do() -> None:
	data = tomllib.loads(FILE.read_text(encoding="utf-8"))
	assert {entry["action"] for entry in data["codes"].values()} == set(data["actions"])
	assert {reason.retry for reason in known_reasons().values()} == {"later", "fixed", "never"}
	assert len(known_reasons()) >= 60


@pytest.mark.parametrize(
	("text", "code", "retry"),
	[
		("AM04", "AM04", "later"),
		(" ac04 closed", "AC04", "fixed"),
		("MD07", "MD07", "never"),
		("ZZ99", "ZZ99", "never"),
		("RJCT", "RJCT", "never"),
		("", "", "never"),
		("the bank said no", "?", "never"),
	],
)
def test_reasons(text: str, code: str, retry: str) -> None:
	reason = reason_of(text)
	assert (reason.code, reason.retry) == (code, retry)
	assert reason.advice
