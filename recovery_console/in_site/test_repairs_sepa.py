"""Repairs of direct debits that go through Frappe's documents, on a site that keeps them in DocTypes of its own."""

import frappe
from frappe.utils import add_days, getdate, today

from recovery_console.core.run import Run, RunState
from recovery_console.in_site import runs
from recovery_console.testing import APPROVER, SiteTestCase

PROFILE = "recovery-test"
MANDATE, BATCH, LINE, INVOICE = (
	f"Recovery Test {name}" for name in ("Mandate", "Direct Debit", "Collection", "Invoice")
)
IBAN = "NL91ABNA0417164300"
DEFINITION = f"""
title = "A test"
requires = ["{MANDATE}"]
[roles.mandate]
doctype = "{MANDATE}"
fields = {{ id = "name", party = "party", umr = "reference", iban = "iban", status = "status" }}
status = {{ active = ["Live"], suspended = ["Held"], expired = ["Over"] }}
[roles.batch]
doctype = "{BATCH}"
fields = {{ id = "name", date = "day", total = "total", count = "entries", status = "status" }}
status = {{ draft = ["New"], file_made = ["Made"], done = ["Done"], failed = ["Broken"] }}
[roles.line]
doctype = "{LINE}"
filters = {{ parenttype = "{BATCH}" }}
[roles.line.fields]
parent = "parent"
invoice = "invoice"
umr = "reference"
iban = "iban"
amount = "amount"
status = "status"
reason_code = "reason"
[roles.line.status]
open = ["Open"]
paid = ["Paid"]
failed = ["Back"]
[roles.invoice]
doctype = "{INVOICE}"
fields = {{ id = "name", outstanding = "outstanding" }}
"""


def field(name: str, kind: str, options: str = "", reqd: int = 0) -> dict[str, object]:
	return {"fieldname": name, "label": name.title(), "fieldtype": kind, "options": options, "reqd": reqd}


FIELDS = {
	MANDATE: [
		field("party", "Data"),
		field("reference", "Data", reqd=1),
		field("iban", "Data"),
		field("status", "Select", "Live\nHeld\nOver"),
	],
	INVOICE: [field("outstanding", "Currency")],
	LINE: [
		field("invoice", "Link", INVOICE, reqd=1),
		field("reference", "Data", reqd=1),
		field("iban", "Data"),
		field("amount", "Currency"),
		field("purpose", "Data", reqd=1),
		field("reason", "Data"),
		field("status", "Select", "Open\nPaid\nBack"),
	],
	BATCH: [
		field("day", "Date", reqd=1),
		field("purpose", "Data", reqd=1),
		field("total", "Currency"),
		field("entries", "Int"),
		field("status", "Select", "New\nMade\nDone\nBroken"),
		field("lines", "Table", LINE),
	],
}


class TestDirectDebits(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean)
		self.clean()
		for doctype, fields in FIELDS.items():
			frappe.get_doc(
				doctype="DocType",
				name=doctype,
				module="Custom",
				custom=1,
				istable=int(doctype == LINE),
				is_submittable=int(doctype == BATCH),
				fields=fields,
				permissions=[] if doctype == LINE else [{"role": "System Manager", "read": 1, "write": 1}],
			).insert()
		frappe.new_doc("SEPA Profile", title="A test", definition=DEFINITION).insert(set_name=PROFILE)
		self.mandate = self.insert(MANDATE, party="P", reference="M-1", iban=IBAN, status="Live")
		self.invoice = self.insert(INVOICE, outstanding=25)

	def clean(self) -> None:
		frappe.db.rollback()
		self.remove("SEPA Profile", PROFILE)
		for doctype in (BATCH, LINE, INVOICE, MANDATE):
			if frappe.db.exists("DocType", doctype):
				self.remove("DocType", doctype)
			frappe.db.sql_ddl(f"DROP TABLE IF EXISTS `tab{doctype}`")
		frappe.db.commit()

	def insert(self, doctype: str, *, submit: bool = False, **values: object) -> str:
		doc = frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
		if submit:
			doc.submit()
		frappe.db.commit()
		return doc.name

	def batch(self, status: str, line: str, reason: str = "") -> str:
		return self.insert(
			BATCH,
			submit=True,
			day=add_days(today(), -20),
			purpose="Dues",
			total=25,
			entries=1,
			status=status,
			lines=[
				{
					"invoice": self.invoice,
					"reference": "M-1",
					"iban": IBAN,
					"amount": 25,
					"purpose": "Dues",
					"status": line,
					"reason": reason,
				}
			],
		)

	def confirmed(self, run: Run) -> Run:
		return self.to_the_end(runs.engine().confirm(run.id, APPROVER, "seen"))

	def test_a_returned_collection_comes_into_a_draft_that_can_be_taken_back(self) -> None:
		self.batch("Done", "Back", "AM04")
		run = self.run_runbook("present-returns-again", names=[self.invoice])
		names = frappe.get_all(BATCH, {"docstatus": 0}, pluck="name")
		self.assertEqual(len(names), 1, f"{run.said} {[step.said for step in run.steps]}")
		draft = frappe.get_doc(BATCH, names[0])
		self.assertEqual((draft.status, draft.total, draft.purpose), ("New", 25, "Dues"))
		self.assertGreaterEqual(getdate(draft.day), getdate(add_days(today(), 14)))
		(line,) = draft.lines
		self.assertEqual((line.invoice, line.status, line.reason or ""), (self.invoice, "Open", ""))
		run = self.confirmed(run)
		self.assertIs(run.state, RunState.SUCCEEDED, f"{run.said} {run.left}")
		self.assertIs(self.undo(run).state, RunState.UNDONE)
		self.assertFalse(frappe.db.exists(BATCH, draft.name))

	def test_a_failed_batch_is_cancelled_and_its_invoice_free(self) -> None:
		name = self.batch("Broken", "Open")
		run = self.confirmed(self.run_runbook("release-direct-debit-batch", names=[name]))
		self.assertEqual(frappe.db.get_value(BATCH, name, "docstatus"), 2, f"{run.said} {run.left}")
		self.assertIs(run.state, RunState.SUCCEEDED, f"{run.said} {run.left}")
