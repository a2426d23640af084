"""A new user's first five minutes: every step of the checklist is taken by clicking, timed, and comes back done."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.axe import serious
from tests.bench.benches import BenchSite
from tests.bench.browsers import Browser, browsers, need_browser, served, wait_for
from tests.bench.screens import NARROW, WIDE, picture, resize, theme
from tests.bench.test_desk_runs import NO_SNAPSHOT, NO_USERS, USERS
from tests.support.services.receiver import Receiver

if TYPE_CHECKING:
	from selenium.webdriver.remote.webelement import WebElement

PAGE = "/app/recovery-console"
ALL = {"diagnosis", "contacts", "channel", "people", "scheduled", "heartbeat"}
#: Seconds that all steps together may take, a person's thinking not counted.
FIVE_MINUTES = 300
CHANNEL = "Bell of the First Five Minutes"
#: Make a site look as it does when the console has just come, and remember what was there.
EMPTY = """
from frappe.utils.password import remove_encrypted_password
frappe.flags.in_test = True
kept = {"snapshots": frappe.get_all("Health Snapshot", fields=["name", "status", "slot"]),
	"channels": frappe.get_all("Recovery Channel", {"enabled": 1}, pluck="name")}
for row in kept["snapshots"]:
	frappe.db.set_value("Health Snapshot", row.name, {"status": "Failed", "slot": None}, update_modified=False)
for name in kept["channels"]:
	frappe.db.set_value("Recovery Channel", name, "enabled", 0, update_modified=False)
kept["contacts"] = frappe.get_all("Recovery Contact", {"parent": "Recovery Settings"}, ["*"])
frappe.db.delete("Recovery Contact", {"parent": "Recovery Settings"})
settings = frappe.get_doc("Recovery Settings")
kept["heartbeat"] = [settings.heartbeat_url, settings.get_password("heartbeat_url", raise_exception=False)]
frappe.db.set_single_value("Recovery Settings", "heartbeat_url", None)
remove_encrypted_password("Recovery Settings", "Recovery Settings", "heartbeat_url")
roles = ["Recovery Operator", "Recovery Manager", "System Manager"]
holders = frappe.get_all("Has Role", {"role": ("in", roles), "parenttype": "User"}, pluck="parent", distinct=True)
kept["people"] = frappe.get_all("User", {"name": ("in", [name for name in holders if name not in
	("Administrator", "Guest", args[0])]), "enabled": 1}, pluck="name")
for name in kept["people"]:
	frappe.db.set_value("User", name, "enabled", 0, update_modified=False)
frappe.db.commit()
frappe.clear_cache()
print(json.dumps(kept, default=str))
"""
RESTORE = """
from frappe.utils.password import remove_encrypted_password, set_encrypted_password
frappe.flags.in_test = True
kept = json.loads(args[0])
for doctype in ("Recovery Notice", "Recovery Channel"):
	field = "name" if doctype == "Recovery Channel" else "channel"
	frappe.db.delete(doctype, {field: args[1]})
frappe.db.delete("Notification Log", {"for_user": args[2]})
for row in kept["snapshots"]:
	frappe.db.set_value("Health Snapshot", row["name"], {"status": row["status"], "slot": row["slot"]},
		update_modified=False)
for name in kept["channels"]:
	frappe.db.set_value("Recovery Channel", name, "enabled", 1, update_modified=False)
for name in kept["people"]:
	frappe.db.set_value("User", name, "enabled", 1, update_modified=False)
frappe.db.delete("Recovery Contact", {"parent": "Recovery Settings"})
for row in kept["contacts"]:
	frappe.get_doc({**row, "doctype": "Recovery Contact"}).db_insert()
stars, heartbeat = kept["heartbeat"]
frappe.db.set_single_value("Recovery Settings", "heartbeat_url", stars)
remove_encrypted_password("Recovery Settings", "Recovery Settings", "heartbeat_url")
if heartbeat:
	set_encrypted_password("Recovery Settings", "Recovery Settings", heartbeat, "heartbeat_url")
frappe.db.commit()
frappe.clear_cache()
"""
#: What was looked at meanwhile.
TAKEN = """
kept = [row["name"] for row in json.loads(args[0])["snapshots"]]
print(json.dumps(frappe.get_all("Health Snapshot", {"name": ("not in", kept or [""])}, pluck="name")))
"""
IN_SIGHT = """
const field = document.querySelector(`.page-container[data-page-route="Recovery Settings"] [data-fieldname="${arguments[0]}"]`);
const box = field && field.getClientRects()[0];
return Boolean(box && box.top >= 0 && box.top < window.innerHeight - 40);
"""


class Newcomer:
	"""A System Manager who meets the checklist for the first time, with a watch."""

	def __init__(self, browser: Browser) -> None:
		self.browser = browser
		self.took: dict[str, float] = {}
		self.begun = time.monotonic()

	def lap(self, what: str) -> None:
		now = time.monotonic()
		self.took[what] = now - self.begun
		self.begun = now

	def press(self, step: str) -> None:
		button = f'.rc-setup [data-step="{step}"]'
		self.browser.see(button)
		self.browser.js("document.querySelector(arguments[0]).click()", button)

	def comes_back(self, step: str) -> None:
		"""Go back in the browser until the checklist is there, and see that the step is done."""
		for _place in range(4):
			if self.browser.js("return frappe.get_route()[0]") == "recovery-console":
				break
			self.browser.js("history.back()")
			time.sleep(0.5)
		done = f'.rc-setup li.done[data-id="{step}"], .rc-setup.ready'
		shown = "return document.querySelector(arguments[0])"
		wait_for(lambda: self.browser.js(shown, done), f"{step} was done:\n{self.browser.text()[:500]}", 150)
		self.lap(step)

	def write(self, selector: str, text: str) -> None:
		"""Fill in a field that is shown, as a person does."""
		from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException

		def filled() -> bool:
			fields: list[WebElement] = self.browser.driver.find_elements("css selector", selector)
			try:
				field = next((item for item in fields if item.is_displayed()), None)
				if field is None:
					return False
				field.clear()
				field.send_keys(text)
			except (ElementNotInteractableException, StaleElementReferenceException):
				return False
			return True

		wait_for(filled, f"{selector} could be filled in; it shows:\n{self.browser.text()[-2000:]}")

	def save(self) -> None:
		self.browser.js("document.activeElement && document.activeElement.blur()")
		self.browser.until("return cur_frm.is_dirty()", "what was typed was taken")
		self.browser.click("Save")
		self.browser.until("return !cur_frm.is_dirty() && !cur_frm.is_new()", "it was saved")


@pytest.fixture
def newcomer(installed: BenchSite, tmp_path: Path) -> Iterator[tuple[BenchSite, str, str, str, str]]:
	"""A site that looks new, its address, who may do all, a colleague who may do nothing yet, and their password."""
	need_browser()
	mark, password = secrets.token_hex(4), secrets.token_urlsafe(24)
	first, second = f"first-{mark}@example.org", f"second-{mark}@example.org"
	people = {first: "System Manager", second: "Website Manager"}
	installed.python(USERS, json.dumps(people), password)
	try:
		kept = json.dumps(installed.python(EMPTY, first))
		try:
			with served(installed, tmp_path / "web.log") as address:
				yield installed, address, first, second, password
		finally:
			for name in installed.python(TAKEN, kept):
				installed.python(NO_SNAPSHOT, name)
			installed.python(RESTORE, kept, CHANNEL, first)
	finally:
		installed.python(NO_USERS, json.dumps(list(people)))


def test_the_first_five_minutes(newcomer: tuple[Any, ...], capsys: pytest.CaptureFixture[str]) -> None:
	site, address, first, second, password = newcomer
	with browsers(address, 1) as [browser], Receiver() as watchman:
		browser.sign_in(first, password)
		new = Newcomer(browser)
		browser.open(PAGE)
		browser.see(".rc-setup")
		browser.see(".rc-begin")
		left = browser.js("return [...document.querySelectorAll('.rc-setup li')].map((li) => li.dataset.id)")
		assert set(left) >= ALL
		done = browser.js(
			"return [...document.querySelectorAll('.rc-setup li.done')].map((li) => li.dataset.id)"
		)
		assert done == []
		new.lap("the page opens")
		look_at_it(browser)
		new.begun = time.monotonic()

		look_for_the_first_time(new)
		say_whom_to_call(new)
		choose_how_people_are_told(new, first)
		give_somebody_a_role(new, second)
		have_a_watchman(new, watchman.url)
		let_the_scheduler_look(new, site)

		watchman.wait(1)
		green = browser.see(".rc-setup.ready li.done")
		assert "Everything that an emergency needs is set up." in green
		below = "return document.querySelector('.rc-setup').compareDocumentPosition(arguments[0] || "
		below += "document.querySelector('[data-part=findings]')) & Node.DOCUMENT_POSITION_PRECEDING"
		assert browser.js(below), "what is done stands below the findings"
		browser.js("document.querySelector('.rc-setup').scrollIntoView({ block: 'center' })")
		assert serious(browser, ".rc-setup") == []
		picture(browser, "checklist-ready")
		assert browser.errors() == []
	with capsys.disabled():
		laps = ", ".join(f"{what} {took:.1f} s" for what, took in new.took.items())
		sys.stdout.write(f"\n{site}: {laps}\n")
	assert sum(new.took.values()) < FIVE_MINUTES


def look_at_it(browser: Browser) -> None:
	"""See that everybody can use the checklist: on every screen, in both themes, by keyboard and ear."""
	for size, width in ((WIDE, "wide"), (NARROW, "narrow")):
		resize(browser, size)
		for colours in ("light", "dark"):
			theme(browser, colours)
			assert serious(browser, ".rc-page") == [], f"{width}, {colours}"
			picture(browser, f"checklist-{width}-{colours}")
		assert browser.js(
			"return [...document.querySelectorAll('.rc-setup, .rc-setup *')].every((item) =>"
			"item.closest('.sr-only') || item.getBoundingClientRect().right <= window.innerWidth + 1)"
		), f"it does not fit a screen {size[0]} wide"
	resize(browser, WIDE)
	theme(browser, "light")


def look_for_the_first_time(new: Newcomer) -> None:
	new.press("diagnosis")
	new.browser.see(".rc-progress, .rc-head[data-status]")
	new.comes_back("diagnosis")


def say_whom_to_call(new: Newcomer) -> None:
	new.press("contacts")
	new.browser.until(IN_SIGHT, "the contacts are in sight", "contacts")
	row = '[data-fieldname="contacts"] .grid-body .grid-row'
	new.browser.js("document.querySelector('[data-fieldname=\"contacts\"] .grid-add-row').click()")
	# A row is written in once it is pressed; in Frappe 15 a new one already is.
	new.browser.see(f'{row} [data-fieldname="contact_name"]')
	new.browser.js(
		"$(arguments[0]).trigger('click')", f'{row} .grid-static-col[data-fieldname="contact_name"]'
	)
	new.write(f'{row} [data-fieldname="contact_name"] input', "Alice")
	new.write(f'{row} [data-fieldname="phone"] input', "+31 6 12345678")
	new.save()
	new.comes_back("contacts")


def choose_how_people_are_told(new: Newcomer, address: str) -> None:
	new.press("channel")
	new.browser.until("return window.cur_frm && cur_frm.doctype === 'Recovery Channel'", "a channel is made")
	form = '.form-page:not([style*="display: none"])'
	new.write(f'{form} [data-fieldname="__newname"] input', CHANNEL)
	kind = f'{form} [data-fieldname="kind"] select'
	new.browser.see(kind)
	new.browser.js("$(arguments[0]).filter(':visible').val('Desk').trigger('change')", kind)
	new.write(f'{form} [data-fieldname="address"] textarea', address)
	new.save()
	new.browser.click("Send a Test")
	assert "The test was sent" in new.browser.see(".msgprint-dialog")
	new.browser.js("frappe.msg_dialog.hide()")
	new.comes_back("channel")


def give_somebody_a_role(new: Newcomer, colleague: str) -> None:
	new.press("people")
	person = f'.list-row a[href*="{colleague}"], .list-row a[href*="{colleague.replace("@", "%40")}"]'
	new.browser.see(person)
	new.browser.js("document.querySelector(arguments[0]).click()", person)
	new.browser.until(
		"return window.cur_frm && cur_frm.docname === arguments[0]", "the colleague is shown", colleague
	)
	tab = "[...document.querySelectorAll('.form-tabs .nav-link')].find((tab) => /Roles/.test(tab.innerText))"
	new.browser.until(
		f"const tab = {tab}; if (tab) tab.click(); return Boolean(tab)", "there is a tab of roles"
	)
	role = "Recovery Operator"
	box = f'[data-fieldname="roles"] input[data-unit="{role}"]'
	new.browser.see(f"{box}, .checkbox-options")
	new.browser.until(
		"const box = document.querySelector(arguments[0]); if (box && !box.checked) box.click();"
		"return Boolean(box && box.checked)",
		"the role was ticked",
		box,
	)
	new.save()
	new.comes_back("people")


def have_a_watchman(new: Newcomer, url: str) -> None:
	new.press("heartbeat")
	new.browser.until(IN_SIGHT, "the heartbeat is in sight", "heartbeat_url")
	new.write('[data-fieldname="heartbeat_url"] input', url)
	new.save()
	new.comes_back("heartbeat")


def let_the_scheduler_look(new: Newcomer, site: BenchSite) -> None:
	new.press("scheduled")
	said = new.browser.see(".modal.show .rc-why-answer")
	assert said.strip()
	picture(new.browser, "checklist-why")
	new.browser.until(
		"$('.modal.show').modal('hide'); return !document.querySelector('.modal.show, .modal-backdrop')",
		"the dialog was closed",
	)
	# What scheduler and worker do once they run; that they do is shown by the tests of the hourly snapshot.
	site.run("execute", "recovery_console.tasks.hourly_snapshot")
	new.browser.js("document.dispatchEvent(new Event('visibilitychange'))")
	new.comes_back("scheduled")
