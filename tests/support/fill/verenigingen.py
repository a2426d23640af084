"""The association app: members who pay by SEPA direct debit, and the imports that brought them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.fill.erpnext import (
	COMPANY,
	COMPANY_ACCOUNT,
	COMPANY_IBAN,
	FEE,
	invoice_name,
	party_bank,
	party_iban,
	set_series,
)
from tests.support.fill.logs import add_file
from tests.support.fill.settings import fill_defaults
from tests.support.fill.users import CUSTOMERS, Person
from tests.support.sepa_numbers import BICS, creditor_id

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


def member_name(site: SampleSite, number: int) -> str:
	"""The document of the nth member."""
	return f"Assoc-Member-{site.days_ago(180):%Y-%m}-{number + 1:04d}"


def membership_name(site: SampleSite, number: int) -> str:
	"""The membership of the nth member."""
	return f"MEMB-{site.days_ago(180):%y-%m}-{number + 1:04d}"


def mandate_id(site: SampleSite, number: int) -> str:
	"""The unique mandate reference of the nth member."""
	return f"MANDATE-{site.days_ago(180):%y-%m}-{number + 1:04d}"


def fill(site: SampleSite) -> None:
	"""Active members with active mandates, and imports that ended well."""
	fill_defaults(
		site,
		"Verenigingen Settings",
		company=COMPANY,
		company_name=COMPANY,
		donation_company=COMPANY,
		creation_user="Administrator",
		company_iban=COMPANY_IBAN,
		company_bic=BICS["TRIO"],
		company_account_holder=COMPANY,
		creditor_id=creditor_id(),
		last_member_id=1000 + len(CUSTOMERS),
		last_batch_creation_run=site.days_ago(22),
	)
	for number, person in enumerate(CUSTOMERS):
		_member(site, number, person)
		_membership(site, number, person)
		_mandate(site, number, person)
	_imports(site)
	_accounts(site)
	year = site.now.year
	for prefix in ("MT940-IMPORT", "MEMBER-IMPORT", "EBMIG", "BULK-OP"):
		set_series(site, f"{prefix}-{year}-", 1)
	joined = site.days_ago(180)
	for prefix in (f"Assoc-Member-{joined:%Y-%m}-", f"MEMB-{joined:%y-%m}-"):
		set_series(site, prefix, len(CUSTOMERS))


def _member(site: SampleSite, number: int, person: Person) -> None:
	site.insert(
		"Member",
		name=member_name(site, number),
		first_name=person.first,
		last_name=person.last,
		full_name=person.full_name,
		email=person.email,
		status="Active",
		application_status="Approved",
		member_id=str(1001 + number),
		member_since=site.days_ago(180).date(),
		birth_date=site.days_ago(15000 + 400 * number).date(),
		payment_method="SEPA Direct Debit",
		iban=party_iban(number),
		bic=BICS[party_bank(number)],
		bank_account_name=person.full_name,
		customer=person.full_name,
		user=person.email,
		current_membership_details=membership_name(site, number),
		current_dues_schedule=f"Dues {person.full_name}",
		creation=site.days_ago(180),
	)
	site.update("Customer", person.full_name, member=member_name(site, number))
	for invoice in (number + 1, number + 1 + len(CUSTOMERS)):
		site.update(
			"Sales Invoice",
			invoice_name(site, invoice),
			member=member_name(site, number),
			membership=membership_name(site, number),
			membership_dues_schedule_display=f"Dues {person.full_name}",
			is_membership_invoice=1,
		)


def _membership(site: SampleSite, number: int, person: Person) -> None:
	member = member_name(site, number)
	start = site.days_ago(180)
	site.insert(
		"Membership",
		name=membership_name(site, number),
		member=member,
		member_name=person.full_name,
		email=person.email,
		membership_type="Monthly",
		status="Active",
		start_date=start.date(),
		renewal_date=site.days_ago(-185).date(),
		docstatus=1,
		creation=start,
	)
	site.insert(
		"Membership Dues Schedule",
		schedule_name=f"Dues {person.full_name}",
		member=member,
		member_name=person.full_name,
		membership=membership_name(site, number),
		membership_type="Monthly",
		status="Active",
		billing_frequency="Monthly",
		next_invoice_date=site.days_ago(-25).date(),
		last_invoice_date=site.days_ago(5).date(),
		last_generated_invoice=invoice_name(site, number + 1 + len(CUSTOMERS)),
		invoice_days_before=0,
		dues_rate=FEE,
		payment_terms_template="SEPA Direct Debit",
		creation=start,
		modified=site.days_ago(5),
	)


def _mandate(site: SampleSite, number: int, person: Person) -> None:
	signed = site.days_ago(180)
	reference = mandate_id(site, number)
	name = site.insert(
		"SEPA Mandate",
		mandate_id=reference,
		member=member_name(site, number),
		member_name=person.full_name,
		status="Active",
		mandate_type="RCUR",
		scheme="SEPA",
		account_holder_name=person.full_name,
		iban=party_iban(number),
		bic=BICS[party_bank(number)],
		sign_date=signed.date(),
		first_collection_date=site.days_ago(50).date(),
		is_active=1,
		creation=signed,
	)
	site.insert(
		"Member SEPA Mandate Link",
		parent=member_name(site, number),
		sepa_mandate=name,
		mandate_reference=reference,
		status="Active",
		is_current=1,
		valid_from=signed.date(),
		creation=signed,
	)


def _imports(site: SampleSite) -> None:
	year = site.now.year
	mt940, members = f"MT940-IMPORT-{year}-00001", f"MEMBER-IMPORT-{year}-00001"
	site.insert(
		"MT940 Import",
		name=mt940,
		naming_series="MT940-IMPORT-.YYYY.-",
		bank_account=COMPANY_ACCOUNT,
		company=COMPANY,
		mt940_file=add_file(site, "statement.sta", ":20:STATEMENT\n", "MT940 Import", mt940),
		import_status="Completed",
		transactions_created=1,
		import_date=site.days_ago(19).date(),
		docstatus=1,
		creation=site.days_ago(19),
	)
	site.insert(
		"Mijnrood CSV Import",
		name=members,
		naming_series="MEMBER-IMPORT-.YYYY.-",
		csv_file=add_file(site, "members.csv", "Lidnr.,Voornaam\n", "Mijnrood CSV Import", members),
		import_status="Completed",
		test_mode=0,
		members_created=len(CUSTOMERS),
		import_date=site.days_ago(180).date(),
		docstatus=1,
		creation=site.days_ago(180),
	)
	site.insert(
		"E-Boekhouden Migration",
		name=f"EBMIG-{year}-00001",
		naming_series="EBMIG-.YYYY.-",
		migration_name="Opening",
		migration_status="Completed",
		company=COMPANY,
		dry_run=0,
		progress_percentage=100,
		total_records=40,
		imported_records=40,
		start_time=site.days_ago(170.1),
		end_time=site.days_ago(170),
		docstatus=1,
		creation=site.days_ago(170.2),
		modified=site.days_ago(170),
	)


def _accounts(site: SampleSite) -> None:
	requests = [
		site.insert(
			"Account Creation Request",
			name=f"ACR-Member-{site.days_ago(180):%Y%m%d}-{number:04d}",
			request_type="Member",
			source_record=member_name(site, number),
			email=person.email,
			full_name=person.full_name,
			status="Completed",
			pipeline_stage="Completed",
			created_user=person.email,
			processing_started_at=site.days_ago(179.9),
			completed_at=site.days_ago(179.8),
			creation=site.days_ago(180),
			modified=site.days_ago(179.8),
		)
		for number, person in enumerate(CUSTOMERS)
	]
	site.insert(
		"Bulk Operation Tracker",
		name=f"BULK-OP-{site.now.year}-00001",
		naming_series="BULK-OP-.YYYY.-",
		operation_type="Account Creation",
		source_import=f"MEMBER-IMPORT-{site.now.year}-00001",
		status="Completed",
		total_records=len(requests),
		processed_records=len(requests),
		successful_records=len(requests),
		current_batch=1,
		total_batches=1,
		started_at=site.days_ago(179.9),
		completed_at=site.days_ago(179.8),
		retry_queue="[]",
		creation=site.days_ago(180),
		modified=site.days_ago(179.8),
	)
