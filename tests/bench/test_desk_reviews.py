"""Reviews and duties in Desk, in a real browser: read, written, signed, downloaded; a duty signed off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from tests.bench.browsers import Browser, browsers
from tests.bench.test_desk_runs import Desk, desk  # noqa: F401 (a fixture)

#: An incident that was resolved an hour ago, with its draft, and a duty of today that only a person can do.
MAKE = """
frappe.set_user("Administrator")
from datetime import datetime, timedelta, timezone
from recovery_console.in_site import duties, incident_actions
now, mark = datetime.now(timezone.utc), frappe.generate_hash(length=8)
title = f"Nothing is printed {mark} <img src=x onerror=alert(1)>"
name = incident_actions.open_by_hand(title, severity="S1", check="console.jobs", actor="Administrator", now=now - timedelta(hours=3))
for status, hours in (("Acknowledged", 2.9), ("Mitigated", 2), ("Resolved", 1)):
	incident_actions.set_status(name, status, actor="Administrator", note="It is so.", now=now - timedelta(hours=hours))
duty = frappe.new_doc("Recovery Duty", title=f"Water the plants {mark}", rhythm="Daily", instructions="All of <b>them</b>.")
duty.insert(set_name=f"plants-{mark}")
duties.sweep(now)
frappe.db.commit()
print(json.dumps({
	"incident": name, "review": frappe.db.get_value("Incident Review", {"incident": name}), "duty": duty.name,
	"sign_off": frappe.db.get_value("Duty Sign-off", {"duty": duty.name}), "title": duty.title,
}))
"""
FORGET = """
made = json.loads(args[0])
for doctype, filters in (
	("Incident Action Item", {"parent": made["review"]}), ("ToDo", {"reference_name": made["review"]}),
	("Incident Review", {"incident": made["incident"]}), ("Recovery Notice", {"incident": made["incident"]}),
	("Incident Event", {"incident": made["incident"]}), ("Incident", {"name": made["incident"]}),
	("Duty Sign-off", {"duty": made["duty"]}), ("Recovery Duty", {"name": made["duty"]}),
):
	frappe.db.delete(doctype, filters)
frappe.db.commit()
"""
READ = """
print(json.dumps(frappe.db.get_value(args[0], args[1], json.loads(args[2]), as_dict=True), default=str))
"""
WORDS = ("root_cause", "resolution", "lessons", "prevention", "documentation_updates")
#: Calls a method of the API as the page does, and returns the status, the kind and the beginning of the answer.
FETCH = """
const [url, done] = arguments;
fetch(url).then(async (answer) => {
	const text = await answer.text();
	done([answer.status, answer.headers.get("content-type") || "", text.slice(0, 4000)]);
});
"""

NO_DIALOG = """
frappe.msg_dialog.hide();
if (window.cur_dialog) cur_dialog.hide();
return !document.querySelector(".modal.show");
"""


@pytest.fixture
def made(desk: Desk) -> Iterator[Mapping[str, str]]:  # noqa: F811
	found = desk.site.python(MAKE)
	yield found
	desk.site.python(FORGET, json.dumps(found))


def read(desk: Desk, doctype: str, name: str, *fields: str) -> Mapping[str, str]:  # noqa: F811
	found: Mapping[str, str] = desk.site.python(READ, doctype, name, json.dumps(fields))
	return found


def fetched(browser: Browser, method: str, review: str) -> tuple[int, str, str]:
	url = f"/api/method/recovery_console.api_reviews.{method}?review={review}"
	status, kind, text = browser.driver.execute_async_script(FETCH, url)
	return int(status), str(kind), str(text)


def test_a_review_is_written_and_signed_and_a_duty_signed_off(desk: Desk, made: Mapping[str, str]) -> None:  # noqa: F811
	with browsers(desk.address, 1) as (browser,):
		manager = desk.sign_in(browser, "Recovery Manager")
		manager.open(f"/app/incident-review/{made['review']}")
		manager.see('[data-fieldname="record_html"]')
		manager.click("Submit")
		manager.click("Yes")
		assert "Lessons" in manager.see(".modal.show .msgprint")
		manager.until(NO_DIALOG, "the message and the question were closed")
		for field in WORDS:
			manager.js("cur_frm.set_value(arguments[0], arguments[1])", field, f"<b>Said</b> of {field}.")
		manager.click("Save")
		manager.click("Submit")
		manager.click("Yes")
		manager.until("return cur_frm.doc.docstatus === 1 && !cur_frm.is_dirty()", "it was signed")
		assert "reads as it was signed" in manager.see(".form-message")
		assert read(desk, "Incident", made["incident"], "status")["status"] == "Closed"

		status, kind, text = fetched(manager, "review_as_pdf", made["review"])
		assert (status, text[:5]) == (200, "%PDF-") or (status == 417 and "wkhtmltopdf" in text), kind
		status, _kind, text = fetched(manager, "review_as_markdown", made["review"])
		assert (status, text[:18]) == (200, "# Incident Review:")

		manager.open(f"/app/duty-sign-off/{made['sign_off']}")
		manager.see('[data-fieldname="answer_html"] p')
		manager.click("Sign Off")
		manager.see('.modal.show [data-fieldname="note"] textarea')
		manager.type("note", "All are wet.")
		manager.click("Sign Off")
		manager.until("return cur_frm.doc.state === 'Done'", "the duty was signed off")
		found = read(desk, "Duty Sign-off", made["sign_off"], "state", "note", "answered_by")
		assert found == {"state": "Done", "note": "All are wet.", "answered_by": "Person"}

		manager.open("/app/duty-sign-off/view/calendar/default")
		manager.until(
			"return [...document.querySelectorAll('.fc-event, .fc-more')].some((item) => item.textContent)",
			"the calendar showed duties",
		)
		# Desk plays a sound on submitting, which a browser that nobody has touched refuses.
		assert [line for line in manager.errors() if "play() failed" not in line] == []


def test_who_has_no_role_gets_no_review(desk: Desk, made: Mapping[str, str]) -> None:  # noqa: F811
	with browsers(desk.address, 1) as (browser,):
		nobody = desk.sign_in(browser, "Website Manager")
		for method in ("review_as_html", "review_as_markdown", "review_as_pdf"):
			assert fetched(nobody, method, made["review"])[0] == 403
