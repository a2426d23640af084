"""Runs in Desk, in a real browser: planned and started by one, approved by another, followed, and taken back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.benches import BenchSite
from tests.bench.browsers import Browser, browsers, need_browser, served
from tests.bench.test_runs import FORGET, STATE, STATUSES, STUCK

RUNBOOK = "release-stuck-emails"
#: A reason as nobody should give it.
REASON = '<b id="injected">seen</b><img src=x onerror="document.title=\'injected\'">'
USERS = """
frappe.flags.in_test = True  # what would be left to a job is done at once, so that nothing stays behind
for email, role in json.loads(args[0]).items():
	user = frappe.new_doc("User")
	user.update({"email": email, "first_name": email.split("@")[0], "send_welcome_email": 0, "new_password": args[1]})
	user.flags.no_welcome_mail = True
	user.append("roles", {"role": role})
	user.insert(ignore_permissions=True)
frappe.db.commit()
"""
NO_USERS = """
frappe.flags.in_test = True
for email in json.loads(args[0]):
	for contact in frappe.get_all("Contact", {"email_id": email}, pluck="name"):
		frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True)
	frappe.delete_doc("User", email, force=True, ignore_missing=True, ignore_permissions=True)
frappe.db.commit()
"""
SNAPSHOT = """
from recovery_console import api
print(json.dumps(api.take_snapshot()["name"]))
"""
NO_SNAPSHOT = """
for incident in frappe.get_all("Incident", {"first_snapshot": args[0]}, pluck="name"):
	for child in ("Incident Finding", "Incident Event"):
		frappe.db.delete(child, {"parent": incident})
	frappe.db.delete("Incident", {"name": incident})
frappe.db.delete("Health Snapshot", {"name": args[0]})
frappe.db.commit()
"""
#: The run that is shown, in its form or on the console's page.
VIEW = "(window.cur_frm ? cur_frm.run_view : frappe.container.page.rc_page.run_view)"
#: Frappe 16 says so on the page; Frappe 15 does not even know the address, and leaves the page empty.
REFUSED = r"""
const asked = performance.getEntriesByType("resource").some((entry) => /getpage|load\.getdoc/.test(entry.name));
return /permi/i.test(document.body.innerText) || (asked && window.jQuery && !jQuery.active);
"""


@dataclass(frozen=True)
class Desk:
	"""A site that is served, with people who may sign in."""

	site: BenchSite
	address: str
	people: Mapping[str, str]
	password: str

	def sign_in(self, browser: Browser, role: str) -> Browser:
		browser.sign_in(next(email for email, given in self.people.items() if given == role), self.password)
		return browser


@pytest.fixture
def mails(installed: BenchSite) -> Iterator[list[str]]:
	"""Mails that a killed sender left behind on a real site."""
	need_browser()
	names = installed.python(STUCK, "4")
	yield names
	installed.python(FORGET, json.dumps(names))


@pytest.fixture
def desk(installed: BenchSite, tmp_path: Path) -> Iterator[Desk]:
	need_browser()
	mark, password = secrets.token_hex(4), secrets.token_urlsafe(24)
	people = {
		f"{name}-{mark}@example.org": role
		for name, role in (
			("operator", "Recovery Operator"),
			("manager", "Recovery Manager"),
			("nobody", "Website Manager"),
		)
	}
	installed.python(USERS, json.dumps(people), password)
	try:
		with served(installed, tmp_path / "web.log") as address:
			yield Desk(installed, address, people, password)
	finally:
		installed.python(NO_USERS, json.dumps(list(people)))


def wait_for_state(browser: Browser, state: str) -> str:
	"""Wait until a run is shown in a state, and return what is said of it."""
	return browser.see(f'.rc-run[data-state="{state}"] .rc-state')


def do_the_steps(browser: Browser, state: str) -> None:
	"""Do one step after another in the page until the run is in a state: no worker does."""
	for _step in range(8):
		before = browser.js(f"return {VIEW}.text")
		browser.click("Do the Next Step Here")
		browser.until(f"return {VIEW}.text !== arguments[0]", "the step was done", before)
		if browser.js(f"return {VIEW}.run.state") == state:
			break
	wait_for_state(browser, state)


def start_run(browser: Browser, mails: list[str]) -> str:
	"""Plan and start the runbook from its form, and return the run."""
	browser.open(f"/app/runbook/{RUNBOOK}")
	browser.click("Plan…")
	browser.see('.rc-repair-dialog[data-stage="plan"] .rc-step')
	browser.click("Other Values")
	browser.type("names", "\n".join(mails))
	browser.type("unclear", "perhaps")
	browser.click("Plan")
	browser.see(".modal.show .msgprint")  # it is refused, with the reason
	browser.until(
		"frappe.msg_dialog.hide(); return !frappe.msg_dialog.$wrapper.is(':visible')",
		"the message was closed",
	)
	browser.type("unclear", "send")
	browser.click("Plan")
	planned = browser.see('.rc-repair-dialog[data-stage="plan"] .rc-steps')
	assert "Sending" in planned
	assert "Not Sent" in planned
	assert all(name in browser.js("return document.querySelector('.rc-steps').textContent") for name in mails)
	browser.type("rc_reason", REASON)
	browser.click("Start")
	browser.see(".rc-run[data-run]")
	return str(browser.js("return cur_frm.doc.name"))


def test_one_starts_another_approves_and_it_is_taken_back(desk: Desk, mails: list[str]) -> None:
	with browsers(desk.address, 2) as (first, second):
		operator = desk.sign_in(first, "Recovery Operator")
		run = start_run(operator, mails)
		assert "Recovery Manager" in wait_for_state(operator, "Awaiting Approval")
		assert "Approve" not in operator.buttons()
		assert desk.site.python(STATUSES, json.dumps(mails)) == ["Sending"] * 4

		manager = desk.sign_in(second, "Recovery Manager")
		manager.open(f"/app/runbook-run/{run}")
		wait_for_state(manager, "Awaiting Approval")
		assert REASON in manager.text()
		manager.click("Approve")
		manager.type("reason", "seen, and right")
		manager.click("Approve")
		wait_for_state(manager, "Running")
		do_the_steps(manager, "Succeeded")
		assert desk.site.python(STATUSES, json.dumps(mails)) == ["Not Sent"] * 4
		wait_for_state(operator, "Succeeded")  # the other page followed, without being loaded again
		assert "seen, and right" in operator.text()

		manager.driver.refresh()
		assert "4" in wait_for_state(manager, "Succeeded")
		manager.click("Undo")
		manager.type("reason", "only a test")
		manager.click("Undo")
		wait_for_state(manager, "Running")
		do_the_steps(manager, "Undone")
		assert desk.site.python(STATE, run)[:2] == ["Undone", 0]
		assert desk.site.python(STATUSES, json.dumps(mails)) == ["Sending"] * 4
		for browser in (operator, manager):
			assert not browser.js(
				"return document.querySelector('#injected') || document.title === 'injected'"
			)
			assert not browser.errors()


def test_a_finding_offers_its_runbook(desk: Desk, mails: list[str]) -> None:
	snapshot = desk.site.python(SNAPSHOT)
	try:
		with browsers(desk.address, 1) as (browser,):
			desk.sign_in(browser, "Recovery Operator").open(f"/app/health-snapshot/{snapshot}")
			button = f'.rc-offers[data-fingerprint^="email.stuck_sending"] button[data-runbook="{RUNBOOK}"]'
			assert browser.see(button) == "Repair…"
			browser.js("document.querySelector(arguments[0]).click()", button)
			assert "Sending" in browser.see('.rc-repair-dialog[data-stage="plan"] .rc-steps')
			assert not browser.errors()
	finally:
		desk.site.python(NO_SNAPSHOT, snapshot)


def test_who_has_no_role_sees_nothing(desk: Desk, mails: list[str]) -> None:
	with browsers(desk.address, 2) as (first, second):
		run = start_run(desk.sign_in(first, "Recovery Operator"), mails)
		nobody = desk.sign_in(second, "Website Manager")
		nobody.open(f"/app/runbook-run/{run}")
		nobody.until(REFUSED, "Desk asked for the page and was refused")
		assert not nobody.js("return document.querySelector('.rc-run')")
		assert mails[0] not in nobody.text()
		for method in ("run_details", "advance_run", "undo_run"):
			status = nobody.driver.execute_async_script(
				"const [url, done] = arguments; fetch(url, {method: 'POST',"
				"headers: {'X-Frappe-CSRF-Token': frappe.csrf_token}}).then((answer) => done(answer.status));",
				f"/api/method/recovery_console.api.{method}?run={run}",
			)
			assert status == 403
