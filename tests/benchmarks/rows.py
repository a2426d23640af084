"""What the rows of a filled site hold, as SQL per column: its logs, its books, and its members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: So many days back reach the logs, and the books. Of Frappe's own limits for logs 90 days is the longest.
LOG_DAYS, BOOK_DAYS = 90, 2555
#: Within so many days all members joined.
PEOPLE_DAYS = 400
#: So many days Frappe 15 keeps of its logs unless a site says otherwise.
KEPT_DAYS = {"Error Log": 14, "Email Queue": 30, "Email Queue Recipient": 30, "Activity Log": 90}
PEOPLE, SESSIONS = 100_000, 20_000
YEAR = 2019

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
PREFIXES = ("ACC-SINV", "ACC-PAY", "ACC-BTN")
