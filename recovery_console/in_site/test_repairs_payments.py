"""Repairs of the books that only ERPNext can make, on a site with ERPNext."""

import unittest

import frappe
from frappe.utils import add_days, today

from recovery_console.core.edits import Act
from recovery_console.core.run import Run, RunState
from recovery_console.in_site.actions.payments import restart_accounting_jobs
from recovery_console.testing import SiteTestCase

MARK = "RC-TEST-4711"
HAS_ERPNEXT = "erpnext" in frappe.get_installed_apps()


@unittest.skipUnless(HAS_ERPNEXT, "ERPNext is not installed on this site")
class TestPayments(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.made: list[tuple[str, str]] = []
		self.addCleanup(self.clean)
		self.company = frappe.get_all("Company", order_by="creation", limit=1, pluck="name")[0]
		self.currency = frappe.db.get_value("Company", self.company, "default_currency")
		self.receivable = frappe.db.get_value("Company", self.company, "default_receivable_account")
		self.bank = self.account_of_a_bank()
		self.customer = self.insert(
			"Customer", customer_name=MARK, customer_group="Individual", territory="Rest Of The World"
		).name

	def account_of_a_bank(self) -> str:
		parent = frappe.db.get_value(
			"Account", {"company": self.company, "account_type": "Bank", "is_group": 1}
		)
		return self.insert(
			"Account",
			account_name=MARK,
			parent_account=parent,
			company=self.company,
			account_type="Bank",
			account_currency=self.currency,
		).name

	def insert(
		self, doctype: str, *, submit: bool = False, **values: object
	) -> frappe.model.document.Document:
		doc = frappe.get_doc({"doctype": doctype, **values})
		doc.insert(ignore_permissions=True)
		if submit:
			doc.submit()
		self.made.append((doctype, doc.name))
		frappe.db.commit()
		return doc

	def clean(self) -> None:
		frappe.db.rollback()
		names = [name for _doctype, name in self.made]
		for ledger in ("GL Entry", "Payment Ledger Entry"):
			frappe.db.delete(ledger, {"voucher_no": ("in", names or [""])})
		for doctype, name in reversed(self.made):
			if frappe.db.exists(doctype, name):
				for child in frappe.get_meta(doctype).get_table_fields():
					frappe.db.delete(child.options, {"parent": name, "parenttype": doctype})
				frappe.db.delete(doctype, {"name": name})
				frappe.clear_document_cache(doctype, name)
		frappe.db.commit()

	def pay(self, amount: float, invoice: str = "", **values: object) -> str:
		references = [
			{"reference_doctype": "Sales Invoice", "reference_name": invoice, "allocated_amount": amount}
		]
		return self.insert(
			"Payment Entry",
			submit=True,
			payment_type="Receive",
			company=self.company,
			posting_date=today(),
			party_type="Customer",
			party=self.customer,
			paid_from=self.receivable,
			paid_to=self.bank,
			paid_amount=amount,
			received_amount=amount,
			reference_no=MARK,
			reference_date=today(),
			references=references if invoice else [],
			**values,
		).name

	def invoice(self, amount: float) -> str:
		income = frappe.db.get_value("Company", self.company, "default_income_account")
		row = {"item_name": MARK, "description": MARK, "qty": 1, "rate": amount, "income_account": income}
		row |= {"uom": "Nos", "conversion_factor": 1}
		row["cost_center"] = frappe.db.get_value("Company", self.company, "cost_center")
		return self.insert(
			"Sales Invoice",
			submit=True,
			company=self.company,
			customer=self.customer,
			currency=self.currency,
			debit_to=self.receivable,
			due_date=add_days(today(), 30),
			items=[row],
		).name

	def bank_line(self, amount: float) -> str:
		bank = self.insert("Bank", bank_name=MARK).name
		account = self.insert(
			"Bank Account",
			account_name=MARK,
			bank=bank,
			is_company_account=1,
			company=self.company,
			account=self.bank,
		).name
		return self.insert(
			"Bank Transaction",
			submit=True,
			date=today(),
			bank_account=account,
			company=self.company,
			deposit=amount,
			currency=self.currency,
			description=f"Transfer {MARK.lower()} from a customer",
		).name

	def done(self, run: Run) -> None:
		said = [step.said for step in run.steps]
		self.assertIs(run.state, RunState.SUCCEEDED, f"{run.said} {run.left} {said}")

	def test_a_bank_line_is_matched_with_its_payment(self) -> None:
		line, payment = self.bank_line(41.37), self.pay(41.37)
		self.done(self.run_runbook("match-bank-lines"))
		found = frappe.db.get_value("Bank Transaction", line, ["status", "unallocated_amount"])
		self.assertEqual(found, ("Reconciled", 0))
		self.assertEqual(str(frappe.db.get_value("Payment Entry", payment, "clearance_date")), today())

	def test_a_pair_that_is_given_is_matched(self) -> None:
		line, payment = self.bank_line(50), self.pay(30)
		self.done(self.run_runbook("match-bank-lines", pairs=[f"{line}={payment}"]))
		found = frappe.db.get_value("Bank Transaction", line, ["status", "unallocated_amount"])
		self.assertEqual(found, ("Unreconciled", 20))

	def test_an_invoice_gets_what_the_ledger_says(self) -> None:
		owed, paid = self.invoice(80), self.invoice(60)
		self.pay(60, paid)
		frappe.db.set_value("Sales Invoice", owed, {"outstanding_amount": 0, "status": "Unpaid"})
		frappe.db.set_value("Sales Invoice", paid, {"outstanding_amount": 60, "status": "Unpaid"})
		frappe.db.commit()
		self.done(self.run_runbook("compute-invoices-anew", names=[owed, paid]))
		fields = ["outstanding_amount", "status"]
		self.assertEqual(frappe.db.get_value("Sales Invoice", owed, fields), (80, "Unpaid"))
		self.assertEqual(frappe.db.get_value("Sales Invoice", paid, fields), (0, "Paid"))

	def test_the_amounts_of_a_bank_line_are_computed_anew(self) -> None:
		line = self.bank_line(35)
		frappe.db.set_value("Bank Transaction", line, {"unallocated_amount": 0, "status": "Reconciled"})
		frappe.db.commit()
		self.done(self.run_runbook("compute-bank-lines-anew"))
		found = frappe.db.get_value("Bank Transaction", line, ["status", "unallocated_amount"])
		self.assertEqual(found, ("Unreconciled", 35))

	def test_a_reposting_of_the_payment_ledger_is_done(self) -> None:
		invoice = self.invoice(25)
		repost = self.insert(
			"Repost Payment Ledger",
			company=self.company,
			posting_date=today(),
			add_manually=1,
			repost_vouchers=[{"voucher_type": "Sales Invoice", "voucher_no": invoice}],
		).name
		frappe.db.set_value("Repost Payment Ledger", repost, {"docstatus": 1, "repost_status": "Failed"})
		frappe.db.delete("Payment Ledger Entry", {"voucher_no": invoice})
		frappe.db.commit()
		self.done(self.run_runbook("restart-accounting-work", names=[repost]))
		self.assertEqual(frappe.db.get_value("Repost Payment Ledger", repost, "repost_status"), "Completed")
		self.assertEqual(frappe.db.count("Payment Ledger Entry", {"voucher_no": invoice, "delinked": 0}), 1)
		act = Act("start", "Repost Payment Ledger", repost, {"doctype": "Repost Payment Ledger"}, frappe=True)
		self.assertTrue(restart_accounting_jobs.is_done(act))

	def test_a_disabled_customer_is_enabled_and_disabled_again(self) -> None:
		frappe.db.set_value("Customer", self.customer, "disabled", 1)
		frappe.db.commit()
		frappe.clear_document_cache("Customer", self.customer)
		draft = self.insert("Sales Order", **self.order())
		frappe.db.set_value("Sales Order", draft.name, "customer", self.customer)
		frappe.db.commit()
		run = self.run_runbook("enable-record-that-drafts-need", doctype="Customer", names=[self.customer])
		self.done(run)
		self.assertEqual(frappe.db.get_value("Customer", self.customer, "disabled"), 0)
		self.assertIs(self.undo(run).state, RunState.UNDONE)
		self.assertEqual(frappe.db.get_value("Customer", self.customer, "disabled"), 1)

	def order(self) -> dict[str, object]:
		other = frappe.get_all("Customer", {"name": ("!=", self.customer)}, limit=1, pluck="name")[0]
		item = frappe.get_all("Item", {"disabled": 0}, limit=1, pluck="name")[0]
		when = add_days(today(), 3)
		row = {"item_code": item, "qty": 1, "rate": 1, "delivery_date": when}
		return {
			"company": self.company,
			"customer": other,
			"delivery_date": when,
			"currency": self.currency,
			"items": [row],
		}
