"""Repairs of direct debits: what the faults of the catalogue do not walk along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from recovery_console.core.checks.sepa._target import is_target_day
from recovery_console.core.edits import DocumentEdit, FileMove, FileText, RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.plan import Plan
from tests.core.actions._trying import planned
from tests.faults import all_faults
from tests.faults.sepa import _data as sepa
from tests.support.fill.logs import add_file
from tests.support.repairs import engine, start, to_the_end
from tests.support.sample import SampleSite

HOSTILE = "<img src=x onerror=alert(1)>'; DROP TABLE `tabUser`; --"


def after(plan: Plan) -> list[dict[str, Any]]:
	"""What each row edit of a plan would write, without the time."""
	return [
		{name: value for name, value in (edit.after or {}).items() if name != "modified"}
		for edit in plan.edits
		if isinstance(edit, RowEdit)
	]


def test_an_iban_with_dashes_is_stored_compactly_and_a_mistyped_one_left(any_site: SampleSite) -> None:
	right = sepa.party_iban(0)
	any_site.update(
		"SEPA Mandate", sepa.mandate(any_site, 0), iban=f"{right[:4].lower()}-{right[4:8]}.{right[8:]}"
	)
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), iban="NL92 ABNA 0417 1643 00")
	plan = planned(any_site, "sepa.normalise_ibans")
	assert after(plan) == [{"iban": right}]
	assert [left.subject.name for left in plan.left_out] == [sepa.mandate(any_site, 1)]
	assert plan.reversible


@pytest.mark.parametrize(
	("action", "given"),
	[
		("sepa.normalise_ibans", {"names": [HOSTILE]}),
		("sepa.fill_bics", {"names": [HOSTILE]}),
		("sepa.suspend_unusable_mandates", {"names": [HOSTILE]}),
		("sepa.suspend_unusable_mandates", {"reasons": [HOSTILE]}),
		("sepa.expire_mandates", {"names": [HOSTILE]}),
		("sepa.suspend_duplicate_mandates", {"keep": [HOSTILE]}),
		("sepa.split_batch", {"names": [HOSTILE]}),
		("sepa.recount_batch", {"names": [HOSTILE]}),
		("sepa.shift_collection_date", {"names": [HOSTILE]}),
		("sepa.close_paid_batches", {"names": [HOSTILE]}),
		("sepa.cancel_batch", {"names": [HOSTILE]}),
		("sepa.hold_batch", {"names": [HOSTILE]}),
		("sepa.build_retry_batch", {"names": [HOSTILE]}),
		("sepa.settle_retries", {"names": [HOSTILE]}),
		("sepa.settle_retries", {"unclear": HOSTILE}),
		("sepa.correct_status", {"doctype": "SEPA Mandate", "wrong": "Active", "right": "Draft"}),
		("sepa.correct_status", {"doctype": "SEPA Mandate", "wrong": "Used", "right": HOSTILE}),
		("sepa.correct_status", {"doctype": "User", "wrong": "Used", "right": "Draft"}),
		("sepa.correct_status", {"doctype": "SEPA Mandate", "wrong": "Used", "right": "Active"}),
		("sepa.correct_status", {"doctype": "Direct Debit Batch", "wrong": "Lost", "right": "Draft"}),
		("sepa.expire_mandates", {"months": 12}),
		("sepa.expire_mandates", {"months": 10**9}),
		("sepa.shift_collection_date", {"lead_days": 10**9}),
		("sepa.shift_collection_date", {"notice": "0 d"}),
		("sepa.build_retry_batch", {"lead_days": 0}),
		("sepa.build_retry_batch", {"most_retries": 9}),
		("sepa.settle_retries", {"lead_days": 10**9}),
		("sepa.split_batch", {"most": 0}),
		("sepa.cancel_batch", {}),
	],
)
def test_what_is_no_parameter_is_refused(site: SampleSite, action: str, given: dict[str, Any]) -> None:
	with pytest.raises(UsageError):
		planned(site, action, **given)


def test_a_bic_is_filled_replaced_emptied_or_left(any_site: SampleSite) -> None:
	unknown, outside = "NL13TEST0123456789", "GB82WEST12345698765432"
	for number, (iban, bic) in enumerate(
		(
			(unknown, "RABO"),
			(outside, "RABONL2U"),
			(sepa.party_iban(2), None),
			(sepa.party_iban(3), "DEUTDEFF"),
		)
	):
		any_site.update("SEPA Mandate", sepa.mandate(any_site, number), iban=iban, bic=bic)
	plan = planned(any_site, "sepa.fill_bics")
	found = {batch.subject.name: batch.edits[0].after["bic"] for batch in plan.batches}  # type: ignore[attr-defined]
	assert found == {sepa.mandate(any_site, 0): "", sepa.mandate(any_site, 3): "ABNANL2A"}
	assert [left.subject.name for left in plan.left_out] == [sepa.mandate(any_site, 1)]
	assert planned(any_site, "sepa.fill_bics", missing=True).count == 3


def test_only_the_reasons_that_were_chosen_suspend_a_mandate(any_site: SampleSite) -> None:
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 0), sign_date=None)
	any_site.update("Member", sepa.member_name(any_site, 1), status="Terminated")
	assert planned(any_site, "sepa.suspend_unusable_mandates").count == 2
	plan = planned(any_site, "sepa.suspend_unusable_mandates", reasons=["left"])
	assert after(plan) == [{"status": "Suspended", "is_active": 0}]
	assert plan.evidence["collections_not_sent"] == 1, "a collection of the draft stands on it"


def test_the_mandate_that_is_kept_can_be_chosen(any_site: SampleSite) -> None:
	all_faults()["sepa.two_mandates_for_dues"].breaks(any_site)
	second = any_site.value("SEPA Mandate", {"mandate_id": "M-SECOND"}, "name")
	assert [batch.subject.name for batch in planned(any_site, "sepa.suspend_duplicate_mandates").batches] == [
		second
	]
	plan = planned(any_site, "sepa.suspend_duplicate_mandates", keep=[second])
	assert [batch.subject.name for batch in plan.batches] == [sepa.mandate(any_site, 0)]


def test_a_batch_whose_file_was_made_is_not_split(any_site: SampleSite) -> None:
	sepa.add_batch(any_site, "BATCH-MADE", sepa.next_collection(any_site))
	sepa.add_line(any_site, "BATCH-MADE", 0, sepa.open_invoice(any_site, 0))
	plan = planned(any_site, "sepa.split_batch")
	assert plan.evidence["taken"] == 1, "the draft's collection goes: the file was made from the other"
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 0), status="Cancelled")
	plan = planned(any_site, "sepa.split_batch")
	assert [left.subject.name for left in plan.left_out] == ["BATCH-MADE"]
	assert all("BATCH-MADE" not in str(edit.as_dict()) for edit in plan.edits)


def test_an_amount_is_lowered_to_what_is_owed_or_left(any_site: SampleSite) -> None:
	any_site.update(
		"Sales Invoice", sepa.open_invoice(any_site, 0), outstanding_amount=10, status="Partly Paid"
	)
	plan = planned(any_site, "sepa.split_batch")
	line, header = after(plan)
	assert line == {"amount": 10}
	assert float(header["total_amount"]) == 5 * sepa.FEE + 10
	assert header["entry_count"] == len(sepa.CUSTOMERS)
	assert planned(any_site, "sepa.split_batch", lower_amounts=False).count == 0
	assert planned(any_site, "sepa.split_batch", mandates_only=True).count == 0


def test_what_no_mandate_covers_is_taken_out_and_nothing_else_is_touched(any_site: SampleSite) -> None:
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 0), status="Suspended")
	any_site.update("Sales Invoice", sepa.invoice_name(any_site, 2), outstanding_amount=0)
	everything = planned(any_site, "sepa.split_batch").evidence["taken"]
	plan = planned(any_site, "sepa.split_batch", mandates_only=True)
	gone = [
		edit.before["mandate_reference"]
		for edit in plan.edits
		if isinstance(edit, RowEdit) and not edit.after
	]
	assert everything >= plan.evidence["taken"] == len(gone) == 1


def test_a_collection_moves_to_the_first_day_that_lead_time_and_notice_allow(any_site: SampleSite) -> None:
	any_site.update("Direct Debit Batch", sepa.draft_batch(any_site), batch_date=any_site.now.date())
	plan = planned(any_site, "sepa.shift_collection_date", lead_days=3, notice="21 d")
	(written,) = after(plan)
	told = max(row["posting_date"] for row in any_site.rows("Sales Invoice", None, ["posting_date"]))
	told = told if isinstance(told, date) else date.fromisoformat(str(told))
	assert is_target_day(written["batch_date"])
	assert written["batch_date"] >= told + timedelta(days=21)


def test_only_what_may_be_presented_again_comes_into_a_retry_batch(any_site: SampleSite) -> None:
	all_faults()["sepa.returns_with_reasons"].breaks(any_site)
	plan = planned(any_site, "sepa.build_retry_batch")
	(edit,) = plan.edits
	assert isinstance(edit, DocumentEdit)
	assert edit.operation == "insert"
	fields: dict[str, Any] = dict(edit.after or {})
	assert fields["status"] == "Draft"
	assert fields["total_amount"] == sepa.FEE
	assert is_target_day(fields["batch_date"])
	assert fields["batch_date"] >= any_site.now.date() + timedelta(days=14)
	(line,) = fields["invoices"]
	assert line["invoice"] == sepa.invoice_name(any_site, 2)
	assert line["status"] == "Pending"
	assert {left.subject.name for left in plan.left_out} == {
		sepa.invoice_name(any_site, 1),
		sepa.invoice_name(any_site, 3),
	}


@pytest.mark.parametrize(
	"reason",
	[
		"too soon",
		"cancelled mandate",
		"mandate expires",
		"too much",
		"other account",
		"busy",
		"capped",
		"too often",
	],
)
def test_a_collection_that_may_not_be_presented_now_is_left_out(any_site: SampleSite, reason: str) -> None:
	all_faults()["sepa.returns_with_reasons"].breaks(any_site)
	given: dict[str, Any] = {}
	if reason == "too soon":
		any_site.update(
			"Direct Debit Batch", sepa.done_batch(any_site), batch_date=sepa.earlier_target_day(any_site, 3)
		)
	elif reason == "cancelled mandate":
		any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), status="Cancelled")
	elif reason == "mandate expires":
		soon = any_site.now.date() + timedelta(days=7)
		any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), expiry_date=soon)
	elif reason == "too much":
		any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), maximum_amount=sepa.FEE - 1)
	elif reason == "other account":
		any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), iban=sepa.iban("RABO", 300065264))
	elif reason == "busy":
		sepa.add_line(any_site, sepa.draft_batch(any_site), 1, sepa.invoice_name(any_site, 2))
	elif reason == "capped":
		given = {"most_amount": sepa.FEE - 0.01}
	else:
		given = {"most_retries": 0}
	plan = planned(any_site, "sepa.build_retry_batch", **given)
	assert plan.count == 0
	assert sepa.invoice_name(any_site, 2) in {left.subject.name for left in plan.left_out}


def test_a_batch_with_paid_collections_is_not_cancelled(any_site: SampleSite) -> None:
	sepa.add_batch(any_site, "BATCH-BAD", sepa.earlier_target_day(any_site, 9), status="Failed")
	sepa.add_line(any_site, "BATCH-BAD", 0, sepa.open_invoice(any_site, 0))
	names = ["BATCH-BAD", sepa.done_batch(any_site), sepa.draft_batch(any_site)]
	plan = planned(any_site, "sepa.cancel_batch", names=names)
	assert [edit.as_dict()["operation"] for edit in plan.edits] == ["cancel"]
	assert plan.evidence["unpaid"] == 1
	assert {left.subject.name for left in plan.left_out} == set(names[1:])
	any_site.update("Direct Debit Batch Invoice", {"parent": "BATCH-BAD"}, status="Successful")
	assert planned(any_site, "sepa.cancel_batch", names=["BATCH-BAD"]).count == 0


def test_a_held_file_is_out_of_reach_until_it_is_released(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-HELD", sepa.next_collection(site))
	url = add_file(site, "held.xml", "<Document/>", "Direct Debit Batch", "BATCH-HELD")
	site.update("Direct Debit Batch", "BATCH-HELD", sepa_file=url)
	path = site.path / "private" / "files"
	works = engine(site)
	run = start(works, "hold-direct-debit-batch", {"names": ["BATCH-HELD"]}, site)
	run = to_the_end(works, run, site)
	assert not (path / "held.xml").exists()
	assert (path / "held" / "held.xml").read_text() == "<Document/>"
	site.bench.restore()


@pytest.mark.parametrize(
	"url", ["/private/files/../../site_config.json", "/files/x.xml", "https://x/y", "", None]
)
def test_a_file_elsewhere_is_not_moved(site: SampleSite, url: str | None) -> None:
	site.update("Direct Debit Batch", sepa.draft_batch(site), sepa_file=url)
	plan = planned(site, "sepa.hold_batch", names=[sepa.draft_batch(site)])
	assert not any(isinstance(edit, FileMove) for edit in plan.edits)
	assert len(plan.left_out) == 1


def test_renewals_are_a_list_and_nothing_else(any_site: SampleSite) -> None:
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 0), status="Expired")
	any_site.update("Member", sepa.member_name(any_site, 0), full_name='=HYPERLINK("http://x")')
	any_site.update("SEPA Mandate", sepa.mandate(any_site, 1), status="Cancelled")
	plan = planned(any_site, "sepa.prepare_renewals")
	(edit,) = plan.edits
	assert isinstance(edit, FileText)
	assert isinstance(edit.after, bytes)
	text = edit.after.decode("utf-8-sig")
	assert len(text.splitlines()) == 2
	assert "'=HYPERLINK" in text
	assert f",1,{sepa.FEE:.2f}" in text
	assert sepa.party_iban(0) not in text
	assert plan.evidence["payers"] == 1


@pytest.mark.parametrize(
	("code", "paid", "status"),
	[("AM04", False, "Scheduled"), ("AC04", False, "Failed"), ("AM04", True, "Retried"), ("", False, None)],
)
def test_a_retry_is_settled_by_its_reason(
	any_site: SampleSite, code: str, paid: bool, status: str | None
) -> None:
	invoice = sepa.open_invoice(any_site, 0)
	any_site.insert(
		"SEPA Payment Retry",
		name="stands",
		invoice=invoice,
		member=sepa.member_name(any_site, 0),
		status="Scheduled",
		next_retry_date=any_site.days_ago(3).date(),
		last_failure_reason=code,
	)
	if paid:
		any_site.update("Sales Invoice", invoice, outstanding_amount=0, status="Paid")
	plan = planned(any_site, "sepa.settle_retries")
	assert [written["status"] for written in after(plan)] == ([status] if status else [])
	assert [left.subject.name for left in plan.left_out] == ([] if status else ["stands"])
