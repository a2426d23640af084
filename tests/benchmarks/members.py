"""What the rows of a filled site's members hold: each with user, roles, contact, customer, account and mandate."""

from __future__ import annotations

from tests.benchmarks.rows import HASH, YEAR, of_people, text

MEMBER, NAME = f"CONCAT('Assoc-Member-{YEAR}-', LPAD(seq, 7, '0'))", "CONCAT('Lid ', seq)"
ADDRESS = "CONCAT('lid', seq, '@example.org')"
MEMBERSHIP = f"CONCAT('MEMB-{YEAR}-', LPAD(seq, 7, '0'))"
PERSONS = (
	of_people(
		"User",
		ADDRESS,
		email=ADDRESS,
		first_name="'Lid'",
		last_name="seq",
		full_name=NAME,
		username="CONCAT('lid', seq)",
		enabled="1",
		user_type="'Website User'",
		last_active="{when}",
		last_login="{when}",
	),
	*(
		of_people(
			"Has Role",
			f"CONCAT('{letter}', LPAD(seq, 9, '0'))",
			parent=ADDRESS,
			parenttype="'User'",
			parentfield="'roles'",
			role=text(role),
		)
		for letter, role in (("c", "Customer"), ("v", "Verenigingen Member"))
	),
	of_people(
		"Contact", NAME, first_name="'Lid'", last_name="seq", full_name=NAME, email_id=ADDRESS, user=ADDRESS
	),
	of_people(
		"Dynamic Link",
		HASH,
		parent=NAME,
		parenttype="'Contact'",
		parentfield="'links'",
		link_doctype="'Customer'",
		link_name=NAME,
	),
	of_people(
		"Customer",
		NAME,
		customer_name=NAME,
		customer_type="'Individual'",
		customer_primary_contact=NAME,
		email_id=ADDRESS,
		member=MEMBER,
	),
	of_people(
		"Portal User", HASH, parent=NAME, parenttype="'Customer'", parentfield="'portal_users'", user=ADDRESS
	),
	of_people(
		"Bank Account",
		"CONCAT('Lid ', seq, ' - Bank')",
		account_name=NAME,
		bank="CONCAT('Bank ', SUBSTR(iban, 5, 4))",
		party_type="'Customer'",
		party=NAME,
		is_default="1",
		iban="iban",
	),
	of_people(
		"Member",
		MEMBER,
		first_name="'Lid'",
		last_name="seq",
		full_name=NAME,
		email=ADDRESS,
		status="'Active'",
		application_status="'Approved'",
		member_id="100000 + seq",
		member_since="DATE({when})",
		payment_method="'SEPA Direct Debit'",
		iban="iban",
		bic="bic",
		bank_account_name=NAME,
		customer=NAME,
		user=ADDRESS,
		current_membership_details=MEMBERSHIP,
		current_dues_schedule="CONCAT('Dues Lid ', seq)",
	),
	of_people(
		"Membership",
		MEMBERSHIP,
		member=MEMBER,
		member_name=NAME,
		email=ADDRESS,
		membership_type="'Monthly'",
		status="'Active'",
		start_date="DATE({when})",
		renewal_date="{now} + INTERVAL 100 DAY",
		docstatus="1",
	),
	of_people(
		"Membership Dues Schedule",
		"CONCAT('Dues Lid ', seq)",
		schedule_name="CONCAT('Dues Lid ', seq)",
		member=MEMBER,
		member_name=NAME,
		membership=MEMBERSHIP,
		membership_type="'Monthly'",
		status="'Active'",
		billing_frequency="'Monthly'",
		next_invoice_date="{now} + INTERVAL 25 DAY",
		last_invoice_date="{now} - INTERVAL 5 DAY",
		dues_rate="25",
		payment_terms_template="'SEPA Direct Debit'",
	),
	of_people(
		"SEPA Mandate",
		HASH,
		mandate_id="CONCAT('MANDATE-B-', seq)",
		member=MEMBER,
		member_name=NAME,
		status="'Active'",
		mandate_type="'RCUR'",
		scheme="'SEPA'",
		account_holder_name=NAME,
		iban="iban",
		bic="bic",
		sign_date="DATE({when})",
		first_collection_date="{now} - INTERVAL 50 DAY",
		is_active="1",
	),
	of_people(
		"Member SEPA Mandate Link",
		HASH,
		parent=MEMBER,
		parenttype="'Member'",
		parentfield="'sepa_mandates'",
		sepa_mandate=HASH,
		mandate_reference="CONCAT('MANDATE-B-', seq)",
		status="'Active'",
		is_current="1",
		valid_from="DATE({when})",
	),
)
