"""Short ways to add to the healthy site's books."""

from __future__ import annotations

from typing import Any

from tests.support.fill.erpnext import ABBR, COMPANY, COMPANY_ACCOUNT, FEE, invoice_name, payment_name
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite

__all__ = [
	"COMPANY_ACCOUNT",
	"CUSTOMERS",
	"FEE",
	"add_bank_line",
	"add_ledger",
	"add_owed",
	"add_payment",
	"invoice_name",
	"open_invoice",
	"payment_name",
]


def open_invoice(site: SampleSite, number: int) -> str:
	"""The unpaid invoice of the nth customer."""
	return invoice_name(site, number + 1 + len(CUSTOMERS))


def add_bank_line(site: SampleSite, name: str, *, age: float, amount: float = FEE, **values: Any) -> str:
	"""A submitted line of the company's bank account, not matched unless the values say otherwise."""
	complete: dict[str, Any] = {
		"date": site.days_ago(age).date(),
		"status": "Unreconciled",
		"bank_account": COMPANY_ACCOUNT,
		"company": COMPANY,
		"deposit": amount,
		"allocated_amount": 0,
		"unallocated_amount": amount,
		"currency": "EUR",
		"docstatus": 1,
		"transaction_id": name,
		"creation": site.days_ago(age),
	}
	return site.insert("Bank Transaction", name=name, **complete | values)


def add_payment(
	site: SampleSite, name: str, number: int, *, age: float, amount: float = FEE, **values: Any
) -> str:
	"""A submitted payment of the nth customer, set against no invoice."""
	complete: dict[str, Any] = {
		"payment_type": "Receive",
		"posting_date": site.days_ago(age).date(),
		"company": COMPANY,
		"mode_of_payment": "Wire Transfer",
		"party_type": "Customer",
		"party": CUSTOMERS[number].full_name,
		"paid_from": f"Debtors - {ABBR}",
		"paid_to": f"Bank - {ABBR}",
		"paid_amount": amount,
		"received_amount": amount,
		"base_paid_amount": amount,
		"base_received_amount": amount,
		"paid_from_account_currency": "EUR",
		"paid_to_account_currency": "EUR",
		"source_exchange_rate": 1,
		"target_exchange_rate": 1,
		"unallocated_amount": 0,
		"status": "Submitted",
		"docstatus": 1,
		"creation": site.days_ago(age),
	}
	return site.insert("Payment Entry", name=name, **complete | values)


def add_ledger(
	site: SampleSite, voucher: str, *, debit: float, credit: float, age: float = 2, **values: Any
) -> None:
	"""Two entries of the general ledger."""
	for side, account, amount in (("debit", "Bank", debit), ("credit", "Debtors", credit)):
		complete: dict[str, Any] = {
			"posting_date": site.days_ago(age).date(),
			"account": f"{account} - {ABBR}",
			"voucher_type": "Payment Entry",
			"voucher_no": voucher,
			"company": COMPANY,
			"account_currency": "EUR",
			"creation": site.days_ago(age),
			side: amount,
		}
		site.insert("GL Entry", **complete | values)


def add_owed(site: SampleSite, invoice: str, amount: float, voucher: str = "", **values: Any) -> None:
	"""An entry of the payment ledger: the invoice itself, or what was paid on it (negative)."""
	complete: dict[str, Any] = {
		"posting_date": site.days_ago(2).date(),
		"account_type": "Receivable",
		"account": f"Debtors - {ABBR}",
		"party_type": "Customer",
		"voucher_type": "Payment Entry" if voucher else "Sales Invoice",
		"voucher_no": voucher or invoice,
		"against_voucher_type": "Sales Invoice",
		"against_voucher_no": invoice,
		"company": COMPANY,
		"amount": amount,
		"amount_in_account_currency": amount,
		"creation": site.days_ago(2),
	}
	site.insert("Payment Ledger Entry", **complete | values)
