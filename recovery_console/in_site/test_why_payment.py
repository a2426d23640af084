"""Why was this payment not collected or not reconciled, on a site that keeps mandates in DocTypes of its own."""

import unittest
from typing import Any

import frappe
from frappe.utils import add_days, today

from recovery_console import api_why
from recovery_console.in_site import test_repairs_payments, test_repairs_sepa
from recovery_console.in_site.test_why import AskingTestCase

MANDATE, BATCH, INVOICE = test_repairs_sepa.MANDATE, test_repairs_sepa.BATCH, test_repairs_sepa.INVOICE


class Payments(AskingTestCase):
	def about(self, doctype: str, name: str) -> dict[str, Any]:
		return self.ask("payment", doctype=doctype, name=name)


class TestCollecting(Payments):
	"""Uses the DocTypes and the profile of the tests of repairs."""

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean)
		self.clean()
		for doctype, fields in test_repairs_sepa.FIELDS.items():
			frappe.get_doc(
				doctype="DocType",
				name=doctype,
				module="Custom",
				custom=1,
				istable=int(doctype == test_repairs_sepa.LINE),
				is_submittable=int(doctype == BATCH),
				fields=fields,
				permissions=[]
				if doctype == test_repairs_sepa.LINE
				else [{"role": "System Manager", "read": 1, "write": 1}],
			).insert()
		profile = frappe.new_doc("SEPA Profile", title="A test", definition=test_repairs_sepa.DEFINITION)
		profile.insert(set_name=test_repairs_sepa.PROFILE)
		self.mandate = self.insert(
			MANDATE, party="P", reference="M-1", iban=test_repairs_sepa.IBAN, status="Live"
		)
		self.invoice = self.insert(INVOICE, outstanding=25)

	clean = test_repairs_sepa.TestDirectDebits.clean
	insert = test_repairs_sepa.TestDirectDebits.insert
	batch = test_repairs_sepa.TestDirectDebits.batch

	def test_the_profile_says_where_buttons_belong(self) -> None:
		frappe.cache.delete_value("recovery_console_why_doctypes")
		found = api_why.payment_doctypes()
		self.addCleanup(frappe.cache.delete_value, "recovery_console_why_doctypes")
		self.assertEqual((found[MANDATE], found[BATCH], found[INVOICE]), ("mandate", "batch", "invoice"))

	def test_one_that_came_back(self) -> None:
		self.batch("Done", "Back", "AM04")
		answer = self.about(INVOICE, self.invoice)
		self.assertEqual(self.cause(answer), "not_returned")
		self.assertIn("AM04", answer["sentence"])
		again = {"runbook": "present-returns-again", "parameters": {"names": [self.invoice]}}
		self.assertIn(again, answer["repairs"])

	def test_one_that_nobody_collects(self) -> None:
		answer = self.about(INVOICE, self.invoice)
		self.assertIn("in_batch", [step["id"] for step in answer["steps"] if step["verdict"] == "blocked"])

	def test_a_mandate_that_ended(self) -> None:
		frappe.db.set_value(MANDATE, self.mandate, "status", "Over")
		answer = self.about(MANDATE, self.mandate)
		self.assertEqual(self.cause(answer), "has_mandate")

	def test_a_mandate_with_a_wrong_iban(self) -> None:
		frappe.db.set_value(MANDATE, self.mandate, "iban", "NL91ABNA0417164301")
		answer = self.about(MANDATE, self.mandate)
		self.assertEqual(self.cause(answer), "account")
		self.assertNotIn("NL91ABNA0417164301", frappe.as_json(answer))

	def test_a_batch_that_failed(self) -> None:
		name = self.batch("Broken", "Open")
		answer = self.about(BATCH, name)
		self.assertEqual(self.cause(answer), "batch_sent")
		self.assertIn(
			{"runbook": "release-direct-debit-batch", "parameters": {"names": [name]}}, answer["repairs"]
		)

	def test_one_that_was_collected(self) -> None:
		self.batch("Done", "Paid")
		frappe.db.set_value(INVOICE, self.invoice, "outstanding", 0)
		for doctype, name in ((INVOICE, self.invoice), (MANDATE, self.mandate)):
			self.assertEqual(self.about(doctype, name)["verdict"], "ok", self.about(doctype, name))


class TestWithoutErpnext(Payments):
	@unittest.skipIf(test_repairs_payments.HAS_ERPNEXT, "ERPNext is installed on this site")
	def test_it_says_so(self) -> None:
		answer = self.about("Payment Entry", "x")
		self.assertEqual(answer["verdict"], "skipped")
		self.assertIn("ERPNext is not installed", answer["sentence"])


@unittest.skipUnless(test_repairs_payments.HAS_ERPNEXT, "ERPNext is not installed on this site")
class TestReconciling(Payments):
	"""Payments and bank lines of ERPNext, made through its own documents."""

	def setUp(self) -> None:
		super().setUp()
		self.made: list[tuple[str, str]] = []
		self.addCleanup(self.clean)
		self.company = frappe.get_all("Company", order_by="creation", limit=1, pluck="name")[0]
		self.currency = frappe.db.get_value("Company", self.company, "default_currency")
		self.receivable = frappe.db.get_value("Company", self.company, "default_receivable_account")
		self.bank = self.account_of_a_bank()
		self.customer = self.insert(
			"Customer",
			customer_name=test_repairs_payments.MARK,
			customer_group="Individual",
			territory="Rest Of The World",
		).name

	account_of_a_bank = test_repairs_payments.TestPayments.account_of_a_bank
	insert = test_repairs_payments.TestPayments.insert
	clean = test_repairs_payments.TestPayments.clean

	def entry(self, *, submit: bool = True) -> Any:
		return self.insert(
			"Payment Entry",
			submit=submit,
			payment_type="Receive",
			company=self.company,
			posting_date=add_days(today(), -1),
			party_type="Customer",
			party=self.customer,
			paid_from=self.receivable,
			paid_to=self.bank,
			paid_amount=123.45,
			received_amount=123.45,
			source_exchange_rate=1,
			target_exchange_rate=1,
			reference_no="RCWHY-4711",
			reference_date=today(),
		)

	def line(self) -> Any:
		bank = self.insert("Bank", bank_name=test_repairs_payments.MARK)
		account = self.insert(
			"Bank Account", account_name=test_repairs_payments.MARK, bank=bank.name, account=self.bank,
			is_company_account=1, company=self.company,
		)  # fmt: skip
		return self.insert(
			"Bank Transaction", submit=True, date=today(), deposit=123.45, bank_account=account.name,
			currency=self.currency, company=self.company, description="Thanks RCWHY-4711",
			reference_number="RCWHY-4711",
		)  # fmt: skip

	def test_a_draft(self) -> None:
		answer = self.about("Payment Entry", self.entry(submit=False).name)
		self.assertEqual(self.cause(answer), "in_force")

	def test_a_payment_that_fits_a_bank_line(self) -> None:
		entry, line = self.entry(), self.line()
		pair = {"runbook": "match-bank-lines", "parameters": {"pairs": [f"{line.name}={entry.name}"]}}
		for doctype, name in (("Payment Entry", entry.name), ("Bank Transaction", line.name)):
			answer = self.about(doctype, name)
			self.assertIn(pair, answer["repairs"], answer)
		(step,) = [step for step in answer["steps"] if step["id"] == "agrees"]
		self.assertEqual(step["verdict"], "ok", step)

	def test_a_payment_that_is_matched(self) -> None:
		entry = self.entry()
		frappe.db.set_value("Payment Entry", entry.name, {"clearance_date": today(), "unallocated_amount": 0})
		self.assertEqual(self.about("Payment Entry", entry.name)["verdict"], "ok")
