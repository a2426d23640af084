"""ERPNext: invoices, the payments that settled them, the bank's line, and what brought it in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.support.fill.erpnext import (
	ABBR,
	COMPANY,
	COMPANY_ACCOUNT,
	FEE,
	collected_on,
	invoice_name,
	party_bank,
	payment_name,
	set_series,
)
from tests.support.fill.logs import add_file
from tests.support.fill.users import CUSTOMERS, Person

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


def fill(site: SampleSite) -> None:
	"""Everything is paid or not yet due, every bank line is reconciled."""
	for number, person in enumerate(CUSTOMERS):
		_invoices(site, number, person)
	_bank_line(site)
	_imports(site)
	_requests(site)
	year = site.now.year
	set_series(site, f"ACC-SINV-{year}-", 2 * len(CUSTOMERS))
	set_series(site, f"ACC-PAY-{year}-", len(CUSTOMERS))
	set_series(site, f"ACC-BTN-{year}-", 1)
	set_series(site, f"ACC-PRQ-{year}-", 1)


def _invoices(site: SampleSite, number: int, person: Person) -> None:
	"""The last one was collected, the new one is not due yet."""
	paid = invoice_name(site, number + 1)
	_invoice(site, paid, person, age=35, status="Paid", outstanding=0)
	open_invoice = invoice_name(site, number + 1 + len(CUSTOMERS))
	_invoice(site, open_invoice, person, age=5, status="Unpaid", outstanding=FEE)
	_payment(site, payment_name(site, number + 1), person, number, paid)


def _invoice(
	site: SampleSite, name: str, person: Person, *, age: int, status: str, outstanding: float
) -> None:
	posted = site.days_ago(age)
	amounts = ("total", "net_total", "grand_total", "rounded_total")
	site.insert(
		"Sales Invoice",
		name=name,
		naming_series="ACC-SINV-.YYYY.-",
		customer=person.full_name,
		customer_name=person.full_name,
		company=COMPANY,
		posting_date=posted.date(),
		due_date=(posted + timedelta(days=30)).date(),
		currency="EUR",
		conversion_rate=1,
		selling_price_list="Standard Selling",
		price_list_currency="EUR",
		plc_conversion_rate=1,
		debit_to=f"Debtors - {ABBR}",
		outstanding_amount=outstanding,
		status=status,
		docstatus=1,
		creation=posted,
		modified=site.days_ago(min(age, 19)),
		**{prefix + amount: FEE for amount in amounts for prefix in ("", "base_")},
	)


def _payment(site: SampleSite, name: str, person: Person, number: int, invoice: str) -> None:
	day = collected_on(site)
	created = site.days_ago(19)
	amounts = ("paid_amount", "received_amount", "total_allocated_amount")
	site.insert(
		"Payment Entry",
		name=name,
		naming_series="ACC-PAY-.YYYY.-",
		payment_type="Receive",
		posting_date=day,
		company=COMPANY,
		mode_of_payment="SEPA Direct Debit",
		party_type="Customer",
		party=person.full_name,
		party_name=person.full_name,
		bank_account=COMPANY_ACCOUNT,
		party_bank_account=f"{person.full_name} - Bank {party_bank(number)}",
		paid_from=f"Debtors - {ABBR}",
		paid_from_account_currency="EUR",
		paid_to=f"Bank - {ABBR}",
		paid_to_account_currency="EUR",
		source_exchange_rate=1,
		target_exchange_rate=1,
		reference_no=f"E2E-{invoice}",
		reference_date=day,
		clearance_date=day,
		status="Submitted",
		docstatus=1,
		creation=created,
		**{prefix + amount: FEE for amount in amounts for prefix in ("", "base_")},
	)
	site.insert(
		"Payment Entry Reference",
		parent=name,
		reference_doctype="Sales Invoice",
		reference_name=invoice,
		total_amount=FEE,
		outstanding_amount=FEE,
		allocated_amount=FEE,
		exchange_rate=1,
		docstatus=1,
		creation=created,
	)


def _bank_line(site: SampleSite) -> None:
	"""The bank credited the collection in one sum; the payments are matched with it."""
	name = f"ACC-BTN-{site.now.year}-00001"
	total = FEE * len(CUSTOMERS)
	created = site.days_ago(19)
	site.insert(
		"Bank Transaction",
		name=name,
		date=collected_on(site),
		status="Reconciled",
		bank_account=COMPANY_ACCOUNT,
		company=COMPANY,
		deposit=total,
		allocated_amount=total,
		unallocated_amount=0,
		currency="EUR",
		description="SEPA collection",
		reference_number="COLLECTION-1",
		transaction_id="bank-line-0001",
		docstatus=1,
		creation=created,
	)
	site.insert_many(
		"Bank Transaction Payments",
		[
			{
				"parent": name,
				"idx": number,
				"payment_document": "Payment Entry",
				"payment_entry": payment_name(site, number),
				"allocated_amount": FEE,
				"clearance_date": collected_on(site),
				"docstatus": 1,
				"creation": created,
			}
			for number in range(1, len(CUSTOMERS) + 1)
		],
	)


def _imports(site: SampleSite) -> None:
	created = site.days_ago(19)
	name = f"Bank Statement Import on {created:%Y-%m-%d %H:%M:%S.%f}"
	url = add_file(site, "statement.csv", "Date,Deposit\n", "Bank Statement Import", name, creation=created)
	site.insert(
		"Bank Statement Import",
		name=name,
		company=COMPANY,
		bank_account=COMPANY_ACCOUNT,
		bank="Bank TRIO",
		import_file=url,
		status="Success",
		creation=created,
	)
	site.insert(
		"Data Import Log",
		data_import=name,
		docname=f"ACC-BTN-{site.now.year}-00001",
		success=1,
		row_indexes="[2]",
		log_index=1,
		messages="[]",
		creation=created,
	)
	site.insert(
		"Repost Item Valuation",
		voucher_type="Sales Invoice",
		voucher_no=invoice_name(site, 1),
		posting_date=site.days_ago(35).date(),
		status="Completed",
		company=COMPANY,
		docstatus=1,
		creation=site.days_ago(35),
	)


def _requests(site: SampleSite) -> None:
	values: dict[str, Any] = {
		"name": f"ACC-PRQ-{site.now.year}-00001",
		"naming_series": "ACC-PRQ-.YYYY.-",
		"payment_request_type": "Inward",
		"transaction_date": site.days_ago(34).date(),
		"company": COMPANY,
		"party_type": "Customer",
		"party": CUSTOMERS[0].full_name,
		"reference_doctype": "Sales Invoice",
		"reference_name": invoice_name(site, 1),
		"grand_total": FEE,
		"currency": "EUR",
		"email_to": CUSTOMERS[0].email,
		"status": "Paid",
		"docstatus": 1,
		"creation": site.days_ago(34),
		"modified": site.days_ago(19),
	}
	site.insert("Payment Request", **values)
