"""ERPNext: a company, its bank accounts, its customers with complete portal chains."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.support.fill.users import CUSTOMERS, Person
from tests.support.sepa_numbers import BICS, iban, target_day

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

COMPANY = "Vereniging Voorbeeld"
ABBR = "VV"
COMPANY_ACCOUNT = f"Current Account - {ABBR}"
COMPANY_IBAN = iban("TRIO", 390012340)
FEE = 25.0
SUPPLIERS = ("Kantoor Groothandel", "Zaalverhuur De Brug")


def party_bank(number: int) -> str:
	"""The bank code of the nth party."""
	return ("ABNA", "INGB", "RABO")[number % 3]


def party_iban(number: int) -> str:
	"""The IBAN of the nth party."""
	return iban(party_bank(number), 417160000 + 1310 * number)


def invoice_name(site: SampleSite, number: int) -> str:
	"""The nth invoice of this year."""
	return f"ACC-SINV-{site.now.year}-{number:05d}"


def payment_name(site: SampleSite, number: int) -> str:
	"""The nth payment of this year."""
	return f"ACC-PAY-{site.now.year}-{number:05d}"


def collected_on(site: SampleSite) -> date:
	"""The day on which the last dues were collected."""
	return target_day(site.days_ago(20).date(), step=-1)


def set_series(site: SampleSite, prefix: str, current: int) -> None:
	"""Let a naming series stand where its documents are."""
	site.insert("Series", name=prefix, current=current)


def fill(site: SampleSite) -> None:
	"""A company with its banks, its customers, who may log in to the portal, and its suppliers."""
	_company(site)
	_banks(site)
	for number, person in enumerate(CUSTOMERS):
		_customer(site, number, person)
	for name in SUPPLIERS:
		_supplier(site, name)


def _company(site: SampleSite) -> None:
	site.insert(
		"Company",
		company_name=COMPANY,
		abbr=ABBR,
		default_currency="EUR",
		country="Netherlands",
		creation=site.days_ago(199),
	)
	site.set_default("company", COMPANY)
	for name, kind in (("SEPA Direct Debit", "Bank"), ("Wire Transfer", "Bank"), ("Cash", "Cash")):
		site.insert(
			"Mode of Payment", mode_of_payment=name, type=kind, enabled=1, creation=site.days_ago(199)
		)


def _banks(site: SampleSite) -> None:
	for code, bic in BICS.items():
		site.insert("Bank", bank_name=f"Bank {code}", swift_number=bic, creation=site.days_ago(199))
	site.insert(
		"Bank Account",
		name=COMPANY_ACCOUNT,
		account_name="Current Account",
		account=f"Bank - {ABBR}",
		bank="Bank TRIO",
		is_company_account=1,
		is_default=1,
		company=COMPANY,
		iban=COMPANY_IBAN,
		creation=site.days_ago(199),
		last_integration_date=site.days_ago(1).date(),
	)


def _customer(site: SampleSite, number: int, person: Person) -> None:
	created = site.days_ago(180)
	site.insert(
		"Customer",
		name=person.full_name,
		customer_name=person.full_name,
		customer_type="Individual",
		customer_primary_contact=person.full_name,
		email_id=person.email,
		creation=created,
	)
	site.insert(
		"Portal User", parent=person.full_name, parenttype="Customer", user=person.email, creation=created
	)
	site.insert(
		"Dynamic Link",
		parent=person.full_name,
		parenttype="Contact",
		parentfield="links",
		link_doctype="Customer",
		link_name=person.full_name,
		link_title=person.full_name,
		creation=created,
	)
	site.insert(
		"Bank Account",
		name=f"{person.full_name} - Bank {party_bank(number)}",
		account_name=person.full_name,
		bank=f"Bank {party_bank(number)}",
		party_type="Customer",
		party=person.full_name,
		is_default=1,
		iban=party_iban(number),
		creation=created,
	)


def _supplier(site: SampleSite, name: str) -> None:
	site.insert(
		"Supplier", name=name, supplier_name=name, supplier_type="Company", creation=site.days_ago(170)
	)
