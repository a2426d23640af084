"""Fills a site in MariaDB with many rows, inside the server and in the order of time, as years of use would have.

The same statements fill a sample site and a real one: tables and columns that a site lacks are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.support.sepa_numbers import BICS, iban

Execute = Callable[..., list[dict[str, Any]]]
#: So many days back reach the logs, and the books. Of Frappe's own limits for logs 90 days is the longest.
LOG_DAYS, BOOK_DAYS = 90, 2555
#: Within so many days all members joined.
PEOPLE_DAYS = 400
#: So many days Frappe 15 keeps of its logs unless a site says otherwise.
KEPT_DAYS = {"Error Log": 14, "Email Queue": 30, "Email Queue Recipient": 30, "Activity Log": 90}
PEOPLE, SESSIONS = 100_000, 20_000
YEAR = 2019
#: So many rows at most go into one transaction.
_STEP = 100_000

TRACEBACK = (
	"CONCAT('Traceback (most recent call last):\\n',"
	" REPEAT('  File \"apps/frappe/frappe/app.py\", line 114, in application\\n    response = handle()\\n', 6),"
	" '  File \"apps/erpnext/erpnext/part', MOD(seq, 200), '.py\", line ', MOD(seq, 200) + 10, ', in work\\n',"
	" '    raise error\\n', ELT(MOD(seq, 4) + 1, 'frappe.exceptions.ValidationError', 'KeyError', 'TypeError',"
	" 'requests.exceptions.ReadTimeout'), ': document ', seq, ' could not be handled')"
)
CUSTOMER = f"CONCAT('Lid ', MOD(seq, {PEOPLE}) + 1)"
USER = f"CONCAT('lid', MOD(seq, {PEOPLE}) + 1, '@example.org')"
HASH = "CONCAT('b', LPAD(LOWER(CONV(seq, 10, 36)), 9, '0'))"
PAID = dict.fromkeys(
	("paid_amount", "received_amount", "total_allocated_amount", "base_paid_amount", "base_received_amount"),
	"25",
)
TOTALS = dict.fromkeys(("total", "net_total", "grand_total", "rounded_total", "base_grand_total"), "25")


@dataclass(frozen=True)
class Rows:
	"""The rows of one table: SQL per column, in which ``seq`` counts and ``{when}`` is the row's time.

	``many`` is a number, or a factor (float) of the size of the site.
	"""

	doctype: str
	columns: Mapping[str, str]
	many: float = 1.0
	days: int = LOG_DAYS
	source: str = "seq_{low}_to_{high}"
	name: str = HASH


def number(prefix: str) -> str:
	"""Return the SQL of a name in a naming series."""
	return f"CONCAT('{prefix}-{YEAR}-', LPAD(seq, 7, '0'))"


def text(value: str) -> str:
	"""Return a text as SQL; none of ours needs escaping."""
	return f"'{value}'"


def of_people(doctype: str, name: str, **columns: str) -> Rows:
	"""Return rows of which there is one per person."""
	return Rows(doctype, columns, PEOPLE, days=PEOPLE_DAYS, source="bench_people", name=name)


LOGS = (
	Rows("Error Log", {"method": "CONCAT('Job ', MOD(seq, 200))", "error": TRACEBACK}),
	Rows(
		"Email Queue",
		{
			"status": "CASE WHEN MOD(seq, 500) = 0 THEN 'Error' WHEN seq > {n} - 9 THEN 'Not Sent' ELSE 'Sent' END",
			"sender": "'notifications@example.org'",
			"message": "CONCAT('Subject: Notice ', seq, '\\n\\n', REPEAT('Dear member, your invoice is here. ', 25))",
			"error": "IF(MOD(seq, 500) = 0, 'smtplib.SMTPRecipientsRefused: 550 no such user', NULL)",
			"message_id": "CONCAT(seq, '.bench@example.org')",
			"reference_doctype": "'Customer'",
			"reference_name": CUSTOMER,
			"priority": "1",
		},
	),
	Rows(
		"Email Queue Recipient",
		{
			"parent": HASH,
			"parenttype": "'Email Queue'",
			"parentfield": "'recipients'",
			"recipient": USER,
			"status": "CASE WHEN MOD(seq, 500) = 0 THEN 'Error' WHEN seq > {n} - 9 THEN 'Not Sent' ELSE 'Sent' END",
			"error": "IF(MOD(seq, 500) = 0, 'smtplib.SMTPRecipientsRefused: 550 no such user', NULL)",
		},
	),
	Rows(
		"Activity Log",
		{
			"subject": "'logged in'",
			"operation": "'Login'",
			"status": "IF(MOD(seq, 100) = 0, 'Failed', 'Success')",
			"user": USER,
			"ip_address": "CONCAT('192.0.2.', MOD(seq, 250))",
			"communication_date": "{when}",
		},
	),
	Rows(
		"Version",
		{
			"ref_doctype": "'Customer'",
			"docname": CUSTOMER,
			"data": 'CONCAT(\'{"changed": [["language", "nl", "en"]], "row": \', seq, \'}\')',
		},
	),
	Rows(
		"Communication",
		{
			"subject": "CONCAT('Notice ', seq)",
			"communication_type": "'Communication'",
			"communication_medium": "'Email'",
			"sent_or_received": "IF(MOD(seq, 5) = 0, 'Received', 'Sent')",
			"status": "'Linked'",
			"sender": "'notifications@example.org'",
			"recipients": USER,
			"content": "REPEAT('<p>Dear member, your invoice is here.</p>', 15)",
			"delivery_status": "IF(MOD(seq, 5) = 0, '', 'Sent')",
			"message_id": "CONCAT(seq, '.bench@example.org')",
			"reference_doctype": "'Customer'",
			"reference_name": CUSTOMER,
		},
	),
	Rows(
		"Scheduled Job Log",
		{
			"status": "IF(MOD(seq, 1000) = 0, 'Failed', 'Complete')",
			"scheduled_job_type": "(SELECT name FROM `tabScheduled Job Type` ORDER BY name LIMIT 1)",
		},
		many=0.05,  # job types do not run more often because a site is big
		days=7,
	),
)

BOOKS = (
	Rows(
		"Sales Invoice",
		{
			"customer": CUSTOMER,
			"company": "{company}",
			"posting_date": "DATE({when})",
			"due_date": "DATE({when}) + INTERVAL 30 DAY",
			"currency": "'EUR'",
			"conversion_rate": "1",
			"outstanding_amount": "0",
			"status": "'Paid'",
			"docstatus": "1",
			**TOTALS,
		},
		days=BOOK_DAYS,
		name=number("ACC-SINV"),
	),
	Rows(
		"Payment Entry",
		{
			"payment_type": "'Receive'",
			"posting_date": "DATE({when})",
			"company": "{company}",
			"mode_of_payment": "'SEPA Direct Debit'",
			"party_type": "'Customer'",
			"party": CUSTOMER,
			"reference_no": "CONCAT('E2E-', seq)",
			"reference_date": "DATE({when})",
			"clearance_date": "DATE({when})",
			"status": "'Submitted'",
			"docstatus": "1",
			**PAID,
		},
		days=BOOK_DAYS,
		name=number("ACC-PAY"),
	),
	Rows(
		"Payment Entry Reference",
		{
			"parent": number("ACC-PAY"),
			"parenttype": "'Payment Entry'",
			"parentfield": "'references'",
			"reference_doctype": "'Sales Invoice'",
			"reference_name": number("ACC-SINV"),
			"total_amount": "25",
			"allocated_amount": "25",
			"docstatus": "1",
		},
		days=BOOK_DAYS,
	),
	Rows(
		"Bank Transaction",
		{
			"date": "DATE({when})",
			"status": "IF(MOD(seq, 1000) = 0, 'Unreconciled', 'Reconciled')",
			"bank_account": "{bank_account}",
			"company": "{company}",
			"deposit": "25",
			"allocated_amount": "IF(MOD(seq, 1000) = 0, 0, 25)",
			"unallocated_amount": "IF(MOD(seq, 1000) = 0, 25, 0)",
			"currency": "'EUR'",
			"reference_number": "CONCAT('E2E-', seq)",
			"transaction_id": "CONCAT('line-', seq)",
			"docstatus": "1",
		},
		days=BOOK_DAYS,
		name=number("ACC-BTN"),
	),
	Rows(
		"Bank Transaction Payments",
		{
			"parent": number("ACC-BTN"),
			"parenttype": "'Bank Transaction'",
			"parentfield": "'payment_entries'",
			"payment_document": "'Payment Entry'",
			"payment_entry": number("ACC-PAY"),
			"allocated_amount": "IF(MOD(seq, 1000) = 0, 0, 25)",
			"docstatus": "1",
		},
		days=BOOK_DAYS,
	),
	*(
		Rows(
			"Payment Ledger Entry",
			{
				"posting_date": "DATE({when})",
				"account_type": "'Receivable'",
				"party_type": "'Customer'",
				"party": CUSTOMER,
				"voucher_type": text(voucher),
				"voucher_no": number(series),
				"against_voucher_type": "'Sales Invoice'",
				"against_voucher_no": number("ACC-SINV"),
				"amount": amount,
				"amount_in_account_currency": amount,
				"company": "{company}",
			},
			days=BOOK_DAYS,
			name=f"CONCAT('{letter}', LPAD(seq, 9, '0'))",
		)
		for letter, voucher, series, amount in (
			("i", "Sales Invoice", "ACC-SINV", "25"),
			("p", "Payment Entry", "ACC-PAY", "-25"),
		)
	),
	*(
		Rows(
			"GL Entry",
			{
				"posting_date": "DATE({when})",
				"account": text(account),
				"voucher_type": text("Payment Entry"),
				"voucher_no": number("ACC-PAY"),
				side: "25",
				f"{side}_in_account_currency": "25",
				"company": "{company}",
				"to_rename": "0",
			},
			days=BOOK_DAYS,
			name=f"CONCAT('{side[0]}', LPAD(seq, 9, '0'))",
		)
		for side, account in (("debit", "Bank - VV"), ("credit", "Debtors - VV"))
	),
)

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
EVERYTHING = (*LOGS, *BOOKS, *PERSONS)
PREFIXES = ("ACC-SINV", "ACC-PAY", "ACC-BTN")


def fill(execute: Execute, now: datetime, size: int, people: int = PEOPLE) -> dict[str, int]:
	"""Fill a site and bring the server's statistics up to date.

	Args:
		execute: Runs a statement, as ``SampleSite.sql``.
		now: The site's present time, as its columns hold it.
		size: So many rows in each log and book.
		people: So many members with mandates, users and customers.

	Returns:
		How many rows each table got.
	"""
	columns = _columns(execute)
	_people(execute, people)
	facts = {
		"now": f"TIMESTAMP('{now:%Y-%m-%d %H:%M:%S}')",
		"company": _first(execute, "Company"),
		"bank_account": _first(execute, "Bank Account"),
	}
	filled: dict[str, int] = {}
	for rows in EVERYTHING:
		known = columns.get(f"tab{rows.doctype}")
		if known is not None and (people or rows.source != "bench_people"):
			many = people if rows.source == "bench_people" else int(size * rows.many)
			for statement in statements(rows, known, many, facts):
				execute(statement)
			filled[rows.doctype] = filled.get(rows.doctype, 0) + many
	if people:
		_sessions(execute, facts["now"], people)
	for prefix in PREFIXES:
		execute(f"REPLACE INTO `tabSeries` (`name`, `current`) VALUES ('{prefix}-{YEAR}-', {size})")
	execute("DROP TABLE bench_people")
	execute(f"ANALYZE TABLE {', '.join(f'`tab{doctype}`' for doctype in filled)}")
	return filled


def spread(execute: Execute, now: datetime, size: int, days: Mapping[str, int]) -> None:
	"""Fill these logs again, with as many rows, over so many days each."""
	columns = _columns(execute)
	facts = {"now": f"TIMESTAMP('{now:%Y-%m-%d %H:%M:%S}')", "company": "''", "bank_account": "''"}
	for rows in (replace(rows, days=days[rows.doctype]) for rows in LOGS if rows.doctype in days):
		execute(f"TRUNCATE TABLE `tab{rows.doctype}`")
		for statement in statements(rows, columns[f"tab{rows.doctype}"], size, facts):
			execute(statement)
		execute(f"ANALYZE TABLE `tab{rows.doctype}`")


def statements(rows: Rows, known: Mapping[str, str], many: int, facts: Mapping[str, str]) -> Iterator[str]:
	"""Yield the statements that insert the rows of one table, oldest first."""
	when = f"{facts['now']} - INTERVAL FLOOR(({many} - seq) * {rows.days * 86400 / many} + 30) SECOND"
	texts = {
		"name": "seq + 1000000" if known["name"] != "varchar" else rows.name,
		"creation": "{when}",
		"modified": "{when}",
		"owner": "'Administrator'",
		"modified_by": "'Administrator'",
		**rows.columns,
	}
	chosen = {column: text for column, text in texts.items() if column in known}
	selected = ", ".join(chosen.values())
	for key, value in {**facts, "when": when, "n": str(many)}.items():
		selected = selected.replace("{" + key + "}", value)
	into = ", ".join(f"`{column}`" for column in chosen)
	for low in range(1, many + 1, _STEP):
		high = min(many, low + _STEP - 1)
		source = rows.source.format(low=low, high=high)
		where = f" WHERE seq BETWEEN {low} AND {high}" if source == rows.source else ""
		yield f"INSERT INTO `tab{rows.doctype}` ({into}) SELECT {selected} FROM {source}{where}"


def _columns(execute: Execute) -> dict[str, dict[str, str]]:
	found: dict[str, dict[str, str]] = {}
	for row in execute(
		"SELECT table_name AS t, column_name AS c, data_type AS k FROM information_schema.columns"
		" WHERE table_schema = DATABASE()"
	):
		found.setdefault(row["t"], {})[row["c"]] = row["k"]
	return found


def _people(execute: Execute, people: int) -> None:
	"""One row per person with an account number; MariaDB cannot work out check digits."""
	execute(
		"CREATE TABLE bench_people (seq INT PRIMARY KEY, iban VARCHAR(34), bic VARCHAR(11)) ENGINE=InnoDB"
	)
	for low in range(1, people + 1, 5000):
		values = ", ".join(
			f"({seq}, '{account_number(seq)}', '{BICS[bank(seq)]}')"
			for seq in range(low, min(people, low + 4999) + 1)
		)
		execute(f"INSERT INTO bench_people VALUES {values}")


def bank(seq: int) -> str:
	"""Return the bank of the nth person."""
	return ("ABNA", "INGB", "RABO", "TRIO")[seq % 4]


def account_number(seq: int) -> str:
	"""Return the IBAN of the nth person."""
	return iban(bank(seq), 500_000_000 + 23 * seq)


def _first(execute: Execute, doctype: str) -> str:
	rows: Sequence[Mapping[str, Any]] = execute(f"SELECT MIN(name) AS name FROM `tab{doctype}`")
	return text(str(rows[0]["name"] or "").replace("'", "''"))


def _sessions(execute: Execute, now: str, people: int) -> None:
	many = people * SESSIONS // PEOPLE
	execute(
		"INSERT INTO `tabSessions` (`user`, `sid`, `sessiondata`, `ipaddress`, `lastupdate`, `status`)"
		f" SELECT {ADDRESS}, SHA1(seq), '{{}}', '192.0.2.10',"
		f" {now} - INTERVAL MOD(seq * 7, 432000) SECOND, 'Active' FROM seq_1_to_{many}"
	)
