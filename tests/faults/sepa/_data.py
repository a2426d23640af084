"""Names in the healthy site's direct debits, and short ways to add to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.support.fill.debits import done_batch, draft_batch, next_collection
from tests.support.fill.erpnext import FEE, invoice_name, party_iban
from tests.support.fill.users import CUSTOMERS
from tests.support.fill.verenigingen import mandate_id, member_name, membership_name
from tests.support.sample import SampleSite
from tests.support.sepa_numbers import iban, target_day

__all__ = [
	"CUSTOMERS",
	"FEE",
	"add_batch",
	"add_line",
	"add_mandate",
	"done_batch",
	"draft_batch",
	"draft_line",
	"earlier_target_day",
	"iban",
	"invoice_name",
	"mandate",
	"mandate_id",
	"member_name",
	"next_collection",
	"open_invoice",
	"party_iban",
	"target_day",
]


def mandate(site: SampleSite, number: int) -> str:
	"""The mandate document of the nth member."""
	name: str = site.value("SEPA Mandate", {"mandate_id": mandate_id(site, number)}, "name")
	return name


def open_invoice(site: SampleSite, number: int) -> str:
	"""The unpaid invoice of the nth member, which is in the draft batch."""
	return invoice_name(site, number + 1 + len(CUSTOMERS))


def draft_line(site: SampleSite, number: int) -> str:
	"""The nth member's collection in the draft batch."""
	filters = {"parent": draft_batch(site), "invoice": open_invoice(site, number)}
	name: str = site.value("Direct Debit Batch Invoice", filters, "name")
	return name


def earlier_target_day(site: SampleSite, days_ago: float) -> date:
	"""The day so long ago, or the last one before on which TARGET settles."""
	return target_day(site.days_ago(days_ago).date(), step=-1)


def add_mandate(site: SampleSite, number: int, reference: str, **values: Any) -> str:
	"""One more mandate of the nth member, complete and active unless the values say otherwise."""
	complete: dict[str, Any] = {
		"mandate_id": reference,
		"member": member_name(site, number),
		"member_name": CUSTOMERS[number].full_name,
		"status": "Active",
		"mandate_type": "RCUR",
		"account_holder_name": CUSTOMERS[number].full_name,
		"iban": party_iban(number),
		"sign_date": site.days_ago(90).date(),
		"creation": site.days_ago(90),
	}
	return site.insert("SEPA Mandate", **complete | values)


def add_batch(site: SampleSite, name: str, day: date, **values: Any) -> str:
	"""One more batch, empty; its total is that of the collections added to it when they say so."""
	complete: dict[str, Any] = {
		"batch_date": day,
		"batch_description": "Dues",
		"currency": "EUR",
		"total_amount": 0,
		"entry_count": 0,
		"status": "Generated",
		"docstatus": 1,
		"creation": site.days_ago(20),
	}
	return site.insert("Direct Debit Batch", name=name, **complete | values)


def add_line(site: SampleSite, batch: str, number: int, invoice: str, **values: Any) -> str:
	"""One collection from the nth member, counted in its batch's total."""
	complete: dict[str, Any] = {
		"parent": batch,
		"invoice": invoice,
		"membership": membership_name(site, number),
		"member": member_name(site, number),
		"amount": FEE,
		"currency": "EUR",
		"iban": party_iban(number),
		"mandate_reference": mandate_id(site, number),
		"status": "Pending",
	}
	row = complete | values
	before = site.rows("Direct Debit Batch", batch, ["total_amount", "entry_count"])[0]
	site.update(
		"Direct Debit Batch",
		batch,
		total_amount=float(before["total_amount"]) + float(row["amount"]),
		entry_count=int(before["entry_count"]) + 1,
	)
	return site.insert("Direct Debit Batch Invoice", **row)


def days_later(day: date, days: int) -> date:
	"""A date so many days later."""
	return day + timedelta(days=days)
