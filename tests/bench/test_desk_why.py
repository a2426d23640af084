"""The Why? troubleshooters in Desk, in a real browser: each for a subject that is broken and one that is not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench import axe
from tests.bench.benches import BenchSite
from tests.bench.browsers import Browser, browsers, need_browser, served
from tests.bench.screens import NARROW, WIDE, picture, resize, theme

PREPARE = r"""
from datetime import timedelta
frappe.flags.in_test = True
mark, password = args
def user(name, *roles, **values):
	doc = frappe.new_doc("User")
	doc.update({"email": f"{name}-{mark}@example.org", "first_name": name.title(), "send_welcome_email": 0,
		"new_password": password})
	doc.flags.no_welcome_mail = True
	for role in roles:
		doc.append("roles", {"role": role})
	doc.insert(ignore_permissions=True)
	frappe.db.set_value("User", doc.name, values or {"bio": ""})
user("asker", "System Manager", *(["Accounts User"] if frappe.db.exists("Role", "Accounts User") else []))
user("nobody", "Website Manager")
user("healthy", "Website Manager")
user("gone", "Website Manager", enabled=0)
ago = frappe.utils.now_datetime() - timedelta(hours=2)
# None in Sending: a test of a repair beside this one would release it.
for name, status in (("refused", "Error"), ("sent", "Sent")):
	mail = frappe.get_doc({"doctype": "Email Queue", "name": f"why-{name}-{mark}", "sender": "a@example.org",
		"message": "x", "status": status, "retry": 3 if status == "Error" else 0,
		"error": "smtplib.SMTPRecipientsRefused: {'b@example.org': (550, b'5.1.1 no such user')}" if status == "Error" else "",
		"recipients": [{"recipient": "b@example.org",
		"status": "Sent" if status == "Sent" else "Not Sent"}]})
	mail.set_new_name(set_name=mail.name)
	mail.db_insert()
	for row in mail.recipients:
		row.parent, row.parenttype, row.parentfield = mail.name, "Email Queue", "recipients"
		row.set_new_name()
		row.db_insert()
	frappe.db.set_value("Email Queue", mail.name, {"creation": ago, "modified": ago}, update_modified=False)
for name, status in (("failed", "Error"), ("done", "Success")):
	done = frappe.get_doc({"doctype": "Data Import", "name": f"why-{name}-{mark}", "reference_doctype": "ToDo",
		"import_type": "Insert New Records", "status": status, "payload_count": 2,
		"google_sheets_url": "https://docs.google.com/spreadsheets/d/1"})
	done.set_new_name(set_name=done.name)
	done.db_insert()
	for number in range(2):
		frappe.get_doc({"doctype": "Data Import Log", "data_import": done.name, "success": int(status == "Success"),
			"log_index": number, "row_indexes": f"[{number + 2}]", "messages": "[]",
			"exception": "frappe.exceptions.MandatoryError: [ToDo, x]: description"}).db_insert()
error = frappe.get_doc({"doctype": "Error Log", "method": f"why-{mark}", "error": "Traceback (most recent call last):\n"
	"pymysql.err.OperationalError: (1213, 'Deadlock found when trying to get lock; try restarting transaction')"})
error.insert(ignore_permissions=True)
frappe.db.commit()
print(json.dumps(str(error.name)))
"""
FORGET = """
frappe.flags.in_test = True
mark = args[0]
for doctype in ("Data Import Log",):
	frappe.db.delete(doctype, {"data_import": ("like", f"why-%-{mark}")})
frappe.db.delete("Data Import", {"name": ("like", f"why-%-{mark}")})
frappe.db.delete("Email Queue Recipient", {"parent": ("like", f"why-%-{mark}")})
frappe.db.delete("Email Queue", {"name": ("like", f"why-%-{mark}")})
frappe.db.delete("Error Log", {"method": f"why-{mark}"})
for name in ("asker", "nobody", "healthy", "gone"):
	email = f"{name}-{mark}@example.org"
	for contact in frappe.get_all("Contact", {"email_id": email}, pluck="name"):
		frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True)
	frappe.delete_doc("User", email, force=True, ignore_missing=True, ignore_permissions=True)
frappe.db.commit()
"""
MANDATE = "Recovery Why Mandate"
#: A site that keeps its mandates in a DocType of its own, and says so in a SEPA profile.
MANDATES = r"""
frappe.flags.in_test = True
fields = [{"fieldname": name, "label": name.title(), "fieldtype": "Data"} for name in ("reference", "iban", "status")]
frappe.get_doc({"doctype": "DocType", "name": args[0], "module": "Custom", "custom": 1, "fields": fields,
	"permissions": [{"role": "System Manager", "read": 1, "write": 1}]}).insert()
definition = f'''
title = "Why"
requires = ["{args[0]}"]
[roles.mandate]
doctype = "{args[0]}"
fields = {{ id = "name", umr = "reference", iban = "iban", status = "status" }}
status = {{ active = ["Live"], expired = ["Over"] }}
'''
frappe.new_doc("SEPA Profile", title="Why", definition=definition).insert(set_name="recovery-why")
doc = frappe.get_doc({"doctype": args[0], "reference": "M-1", "iban": "NL91ABNA0417164301", "status": "Live"}).insert()
frappe.cache.delete_value("recovery_console_why_doctypes")
frappe.db.commit()
print(json.dumps(doc.name))
"""
NO_MANDATES = """
frappe.flags.in_test = True
frappe.delete_doc("SEPA Profile", "recovery-why", force=True, ignore_missing=True, ignore_permissions=True)
if frappe.db.exists("DocType", args[0]):
	frappe.delete_doc("DocType", args[0], force=True, ignore_permissions=True)
frappe.db.sql_ddl(f"DROP TABLE IF EXISTS `tab{args[0]}`")
frappe.cache.delete_value("recovery_console_why_doctypes")
frappe.db.commit()
"""
OPEN = "recovery_console.why.open(arguments[0], arguments[1]); return true;"
#: What of a dialog is ours; its fields are Frappe's.
OURS = ".modal.show :is(.rc-why, .rc-why-list)"
ANSWER = ".modal.show .rc-why-answer"
#: Calls the question as somebody whom no button is shown.
REFUSED = """
const [given, done] = arguments;
fetch("/api/method/recovery_console.api_why.ask", { method: "POST", body: JSON.stringify(given),
	headers: { "Content-Type": "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token } })
	.then((answer) => done(answer.status));
"""


@dataclass(frozen=True)
class Subjects:
	"""What can be asked about on a served site, and with which password its people sign in."""

	site: BenchSite
	address: str
	mark: str
	password: str
	error_log: str

	def person(self, name: str) -> str:
		return f"{name}-{self.mark}@example.org"

	def named(self, name: str) -> str:
		return f"why-{name}-{self.mark}"


@pytest.fixture
def subjects(installed: BenchSite, tmp_path: Path) -> Iterator[Subjects]:
	need_browser()
	mark, password = secrets.token_hex(4), secrets.token_urlsafe(24)
	try:
		error_log = installed.python(PREPARE, mark, password)
		with served(installed, tmp_path / "web.log") as address:
			yield Subjects(installed, address, mark, password, error_log)
	finally:
		installed.python(FORGET, mark)


def ask(browser: Browser, question: str, **given: str) -> str:
	"""Open a question with all that it must be told, and return the sentence that it ends with."""
	browser.until(
		"return Boolean(window.recovery_console && recovery_console.why && recovery_console.why.open)",
		"it loaded",
	)
	browser.js(OPEN, question, given)
	browser.see(f'.modal.show[data-question="{question}"] .rc-why-answer')
	return browser.see(f"{ANSWER} .rc-say")


def verdict(browser: Browser) -> str:
	return str(browser.js("return document.querySelector('.modal.show .rc-why').dataset.verdict"))


def close(browser: Browser) -> None:
	"""Close all dialogs, and wait until they are gone."""
	code = "$('.modal.show').modal('hide'); return !document.querySelector('.modal.show, .modal-backdrop');"
	browser.until(code, "the dialogs were closed")


def test_each_question_for_a_broken_and_a_healthy_subject(subjects: Subjects) -> None:
	with browsers(subjects.address, 1) as (browser,):
		resize(browser, WIDE)
		browser.sign_in(subjects.person("asker"), subjects.password)
		browser.open(f"/app/user/{subjects.person('gone')}")
		_from_the_form_of_a_user(browser, subjects)
		_permission(browser, subjects)
		_mail_and_import(browser, subjects)
		_payment_and_job(browser)
		_chooser(browser)
		_on_a_telephone(browser, subjects)
		assert browser.errors() == []


def _from_the_form_of_a_user(browser: Browser, subjects: Subjects) -> None:
	label = "Why can they not log in?"
	code = "return [...document.querySelectorAll('.page-head .dropdown-item, .page-head a')].some((a) => a.innerText.includes(arguments[0]) || a.textContent.includes(arguments[0]))"
	browser.until(code, "the form offered the question", label)
	browser.js(
		"[...document.querySelectorAll('.page-head .dropdown-item, .page-head a')]"
		".find((a) => a.textContent.includes(arguments[0])).click()",
		label,
	)
	said = browser.see(f"{ANSWER} .rc-say")
	assert "is disabled" in said
	assert verdict(browser) == "blocked"
	assert "Repair…" in browser.text()
	picture(browser, "why-login")
	assert axe.serious(browser, OURS) == []
	browser.js("document.querySelector('.modal.show [data-step=\"enabled\"] [data-repair]').click()")
	browser.see('.rc-repair-dialog[data-stage="plan"]')
	assert subjects.person("gone") in browser.see(".rc-repair-dialog .rc-sample")
	_told_to_no_other(browser, subjects)
	close(browser)
	assert "Nothing stands in the way" in ask(browser, "login", user=subjects.person("healthy"))
	assert verdict(browser) == "ok", browser.text()
	close(browser)


def _told_to_no_other(browser: Browser, subjects: Subjects) -> None:
	"""What two repairs were told, begun at once as by a double click, does not reach a third."""
	runbook = "enable-users"
	told = {"runbook": runbook, "parameters": {"names": [subjects.person("gone")]}}
	shown = "return document.querySelectorAll('.rc-repair-dialog.show').length"
	before = browser.js(shown)
	browser.js("recovery_console.why.repair(arguments[0]); recovery_console.why.repair(arguments[0]);", told)
	browser.until(f"{shown} === {before + 2}", "both were begun")
	browser.js("recovery_console.repair(arguments[0])", runbook)
	browser.until(f"{shown} === {before + 3}", "the third was begun")
	assert browser.until(
		"return cur_dialog.$wrapper.attr('data-stage') === 'ask' && [cur_dialog.get_value('names') || '']",
		"it asks",
	) == [""]


def _permission(browser: Browser, subjects: Subjects) -> None:
	said = ask(browser, "permission", user=subjects.person("healthy"), doctype="Role", right="write")
	assert "one of the roles" in said
	theme(browser, "dark")
	picture(browser, "why-permission-dark")
	assert axe.serious(browser, OURS) == []
	theme(browser, "light")
	close(browser)
	assert "Nothing stands in the way" in ask(
		browser, "permission", user=subjects.person("asker"), doctype="Role", right="write"
	)
	close(browser)


def _mail_and_import(browser: Browser, subjects: Subjects) -> None:
	assert "refused the recipient" in ask(browser, "email", about=subjects.named("refused"))
	picture(browser, "why-email")
	resize(browser, NARROW)
	picture(browser, "why-email-narrow")
	assert browser.js("return document.documentElement.scrollWidth <= window.innerWidth"), (
		"it scrolls sideways"
	)
	resize(browser, WIDE)
	close(browser)
	assert "took this mail" in ask(browser, "email", about=subjects.named("sent"))
	close(browser)
	assert "Records that failed: 2" in ask(browser, "import", name=subjects.named("failed"))
	picture(browser, "why-import")
	close(browser)
	assert "did not fail" in ask(browser, "import", name=subjects.named("done"))
	close(browser)


def _on_a_telephone(browser: Browser, subjects: Subjects) -> None:
	resize(browser, NARROW)
	browser.open(f"/app/email-queue/{subjects.named('refused')}")
	browser.until("return window.cur_frm && cur_frm.docname", "the form was shown")
	assert "refused the recipient" in ask(browser, "email", about=subjects.named("refused"))
	picture(browser, "why-email-narrow")
	assert browser.js("return document.documentElement.scrollWidth <= window.innerWidth"), (
		"it scrolls sideways"
	)
	assert axe.serious(browser, OURS) == []


def _payment_and_job(browser: Browser) -> None:
	said = ask(browser, "payment", doctype="Sales Invoice", name="not-there")
	assert "no Sales Invoice" in said or "ERPNext is not installed" in said
	close(browser)
	assert (
		"a finished job is forgotten" in ask(browser, "job", about="not-there")
		or verdict(browser) == "blocked"
	)
	close(browser)
	ask(browser, "job", about="frappe.email.queue.flush")
	assert verdict(browser) in ("ok", "blocked", "unknown")
	picture(browser, "why-job")
	close(browser)


def _chooser(browser: Browser) -> None:
	browser.js("recovery_console.why.choose()")
	listed = browser.see(".modal.show .rc-why-list")
	for word in ("log in", "document", "mail", "import", "payment", "job", "error"):
		assert word in listed
	picture(browser, "why-choose")
	assert axe.serious(browser, OURS) == []
	close(browser)


def test_an_error_is_explained_in_a_dialog_and_on_its_form(subjects: Subjects) -> None:
	with browsers(subjects.address, 1) as (browser,):
		resize(browser, WIDE)
		browser.sign_in(subjects.person("asker"), subjects.password)
		browser.open(f"/app/error-log/{subjects.error_log}")
		assert "Deadlock between two transactions" in browser.see(".rc-known-errors .rc-error-known")
		picture(browser, "why-error-log")
		browser.js("recovery_console.why.explain({ text: 'the cat sat on the mat' })")
		assert "Nothing known" in browser.see(".modal.show .rc-why")
		close(browser)
		browser.js("recovery_console.why.explain({ error_log: arguments[0] })", subjects.error_log)
		assert "Deadlock" in browser.see(".modal.show .rc-error-known")
		picture(browser, "why-explain")
		assert axe.serious(browser, OURS) == []
		assert browser.errors() == []


def test_who_may_not_ask_sees_no_button_and_is_refused(subjects: Subjects) -> None:
	with browsers(subjects.address, 1) as (browser,):
		browser.sign_in(subjects.person("nobody"), subjects.password)
		browser.open(f"/app/user/{subjects.person('nobody')}")
		browser.until("return window.cur_frm && cur_frm.docname", "the form of the user was shown")
		assert "Why?" not in browser.see(".page-head")
		assert browser.js("return frappe.boot.recovery_console_why") is None
		for given in (
			{"question": "login", "given": {"user": subjects.person("nobody")}},
			{"question": "nothing"},
		):
			assert browser.driver.execute_async_script(REFUSED, given) == 403


def test_a_mandate_of_the_sites_own_profile_has_a_button(subjects: Subjects) -> None:
	subjects.site.python(NO_MANDATES, MANDATE)
	try:
		name = subjects.site.python(MANDATES, MANDATE)
		with browsers(subjects.address, 1) as (browser,):
			resize(browser, WIDE)
			browser.sign_in(subjects.person("asker"), subjects.password)
			for path in (
				f"email-queue/{subjects.named('sent')}",
				f"data-import/{subjects.named('done')}",
				f"recovery-why-mandate/{name}",
			):
				browser.open(f"/app/{path}")
				code = "return [...document.querySelectorAll('.page-head')].some((head) => head.innerText.includes('Why?'))"
				browser.until(code, f"the form {path} had a button")
			assert browser.js("return frappe.boot.recovery_console_why")[MANDATE] == "mandate"
			said = ask(browser, "payment", doctype=MANDATE, name=str(name))
			assert "cannot be used" in said
			assert "NL91ABNA0417164301" not in browser.text().partition("Why was")[2]
			picture(browser, "why-payment")
			assert browser.errors() == []
	finally:
		subjects.site.python(NO_MANDATES, MANDATE)
