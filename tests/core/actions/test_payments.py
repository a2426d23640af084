"""Repairs of payments: what the faults of the catalogue do not walk along."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core.actions.payments._matching import named_in
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from tests.core.actions._trying import planned
from tests.faults import all_faults
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite

HOSTILE = "<b>x</b>'; DROP TABLE `tabUser`; --"


def propose(site: SampleSite, **given: Any) -> list[tuple[str, str, bool]]:
	plan = planned(site, "payments.propose_reconciliation", **given)
	assert plan.count == 0, "it only reads"
	return [(one["bank_line"], one["payment"], one["sure"]) for one in plan.evidence["proposals"]]


def test_a_payment_fits_by_reference_and_amount_before_it_fits_by_day(any_site: SampleSite) -> None:
	all_faults()["payments.payments_to_match"].breaks(any_site)
	assert propose(any_site) == [("BTN-fits", "PAY-fits", True)]
	books.add_payment(any_site, "PAY-beside", 3, age=18, amount=40, reference_no="Other")
	assert propose(any_site) == [("BTN-fits", "PAY-fits", True)]
	books.add_bank_line(any_site, "BTN-second", age=10, amount=40, description="RF-4711")
	assert propose(any_site) == [], "it fits two lines, so a person decides"


@pytest.mark.parametrize(
	"change",
	[
		{"docstatus": 0},
		{"paid_amount": 39.9, "received_amount": 39.9},
		{"payment_type": "Pay"},
		{"paid_to": "Other - VV"},
		{"clearance_date": "2026-01-01"},
	],
)
def test_a_payment_that_does_not_fit_is_not_proposed(any_site: SampleSite, change: dict[str, Any]) -> None:
	all_faults()["payments.payments_to_match"].breaks(any_site)
	any_site.update("Payment Entry", "PAY-fits", **change)
	assert propose(any_site) == []


def test_a_reference_counts_as_a_word_of_its_own_only() -> None:
	assert named_in(["RF-4711"], ["", "x rf-4711, thanks"]) == "RF-4711"
	assert not named_in(["RF-4711"], ["xRF-47110"])
	assert not named_in(["471", None, ""], ["471"])


def test_amount_and_day_alone_are_taken_only_when_asked_for(any_site: SampleSite) -> None:
	all_faults()["payments.payments_to_match"].breaks(any_site)
	any_site.update("Bank Transaction", "BTN-fits", description="nothing")
	assert planned(any_site, "payments.apply_reconciliation").count == 0
	plan = planned(any_site, "payments.apply_reconciliation", likely=True)
	(act,) = plan.edits
	assert isinstance(act, Act)
	assert (act.arguments["line"], act.arguments["name"], act.frappe) == ("BTN-fits", "PAY-fits", True)


@pytest.mark.parametrize(
	"pairs",
	[
		["BTN-fits"],
		["=PAY-fits"],
		[HOSTILE],
		[f"BTN-fits={HOSTILE}"],
		["BTN-fits=PAY-fits", "BTN-unclear=PAY-fits"],
		["BTN-fits=PAY-draft"],
		["BTN-done=PAY-fits"],
		["BTN-fits=PAY-out"],
		["BTN-fits=PAY-elsewhere"],
	],
)
def test_what_is_no_pair_is_refused(any_site: SampleSite, pairs: list[str]) -> None:
	all_faults()["payments.payments_to_match"].breaks(any_site)
	books.add_payment(any_site, "PAY-draft", 0, age=2, docstatus=0)
	books.add_payment(any_site, "PAY-out", 0, age=20, amount=40, payment_type="Pay")
	books.add_payment(any_site, "PAY-elsewhere", 0, age=20, amount=40, paid_to="Cash")
	books.add_bank_line(any_site, "BTN-done", age=2, unallocated_amount=0, allocated_amount=books.FEE)
	with pytest.raises(UsageError):
		planned(any_site, "payments.apply_reconciliation", pairs=pairs)


def test_the_report_on_doubles_says_what_cancelling_would_do(any_site: SampleSite) -> None:
	all_faults()["payments.statement_read_twice"].breaks(any_site)
	invoice = books.open_invoice(any_site, 0)
	any_site.insert(
		"Payment Entry Reference",
		parent="PAY-second",
		reference_doctype="Sales Invoice",
		reference_name=invoice,
		allocated_amount=books.FEE,
	)
	any_site.insert(
		"Bank Transaction Payments",
		parent=books.add_bank_line(any_site, "BTN-x", age=3),
		payment_document="Payment Entry",
		payment_entry="PAY-third",
		allocated_amount=books.FEE,
	)
	plan = planned(any_site, "payments.report_duplicates")
	said = {row["payment"]: row["cancelling"] for row in plan.evidence["payments"]}
	assert plan.count == 0
	assert invoice in said["PAY-second"]
	assert "BTN-x" in said["PAY-third"]


def test_a_reposting_that_was_done_since_is_skipped(any_site: SampleSite) -> None:
	same = {"based_on": "Transaction", "voucher_type": "Stock Entry", "voucher_no": "STE-1", "docstatus": 1}
	any_site.insert(
		"Repost Item Valuation", name="old", status="Failed", creation=any_site.days_ago(3), **same
	)
	any_site.insert(
		"Repost Item Valuation", name="new", status="Completed", creation=any_site.days_ago(2), **same
	)
	any_site.insert(
		"Repost Item Valuation",
		name="other",
		status="Failed",
		creation=any_site.days_ago(3),
		**{**same, "voucher_no": "STE-2"},
	)
	plan = planned(any_site, "payments.requeue_repostings")
	written = {batch.subject.name: batch.edits[0].after["status"] for batch in plan.batches}  # type: ignore[attr-defined]
	assert written == {"old": "Skipped", "other": "Queued"}
	with pytest.raises(UsageError):
		planned(any_site, "payments.requeue_repostings", names=[HOSTILE])


def test_what_must_be_submitted_anew_is_listed(any_site: SampleSite) -> None:
	all_faults()["payments.closings_failed"].breaks(any_site)
	plan = planned(any_site, "payments.restart_accounting_jobs")
	assert [batch.subject.name for batch in plan.batches] == ["POS-1"]
	assert {left.subject.name for left in plan.left_out} >= {"PCV-1", "PPR-1"}
	with pytest.raises(UsageError):
		planned(any_site, "payments.restart_accounting_jobs", names=[HOSTILE])


def test_an_invoice_without_a_ledger_is_left_alone(any_site: SampleSite) -> None:
	all_faults()["payments.paid_invoice_still_open"].breaks(any_site)
	plan = planned(any_site, "payments.recompute_invoices")
	assert plan.count + len(plan.left_out) == 2
	with pytest.raises(UsageError):
		planned(any_site, "payments.recompute_invoices", names=[HOSTILE])
