"""The console's page in a real browser: opened, looked at, diagnosed from, repaired from, by several people."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recovery_console import hooks
from recovery_console.core import live
from recovery_console.core.times import UTC
from tests.bench import desk_samples as samples
from tests.bench.axe import serious
from tests.bench.benches import ROOT
from tests.bench.browsers import browsers, served
from tests.bench.page_looks import PAGE, comes_back, diagnose, fits, look_closely, open_page, unharmed
from tests.bench.screens import NARROW, WIDE, picture, resize
from tests.bench.test_desk_runs import Desk, desk, do_the_steps, mails, wait_for_state  # noqa: F401 (fixtures)
from tests.bench.test_runs import STATUSES

RUNBOOK = "release-stuck-emails"
#: Seconds until something useful is seen, on a warm site.
FIRST_PAINT = 1.0
#: Of scripts and styles together.
MOST_BYTES = 150_000
METHODS = {"overview": "GET", "pulse": "GET", "run_diagnosis": "POST"}
#: What the people of a test have left on the site.
FORGET_LEFT = """
mine = {"owner": ("in", json.loads(args[0]))}
incidents = frappe.get_all("Incident", mine, pluck="name")
for doctype in frappe.get_all("DocType", {"module": "Recovery", "istable": 1}, pluck="name"):
	frappe.db.delete(doctype, {"parent": ("in", incidents), "parenttype": "Incident"})
for doctype in ("Incident Event",):
	if frappe.get_meta(doctype).has_field("incident"):
		frappe.db.delete(doctype, {"incident": ("in", incidents)})
frappe.db.delete("Incident", {"name": ("in", incidents)})
frappe.db.delete("Health Snapshot", mine)
frappe.db.commit()
"""
#: How long it takes from another page of Desk until this one says how the site is.
PAINT = """
const done = arguments[arguments.length - 1];
const begun = performance.now();
const look = () => document.querySelector(".rc-page .rc-head[data-status]") && !document.querySelector("#freeze.in")
	? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(look);
frappe.set_route("recovery-console");
look();
"""
REQUESTS = """
return performance.getEntriesByType("resource").filter((entry) => entry.name.includes("recovery_console.api")).length;
"""


@pytest.fixture
def people(desk: Desk) -> Iterator[Desk]:  # noqa: F811
	"""People at a site; what they leave there is removed."""
	yield desk
	desk.site.python(FORGET_LEFT, json.dumps(list(desk.people)))


@pytest.fixture
def stored(people: Desk) -> Iterator[Any]:
	"""Keep reports as snapshots for one test."""
	names: list[str] = []

	def store(*reports: dict[str, Any]) -> None:
		names.extend(samples.store(people.site, list(reports)))

	yield store
	samples.forget(people.site, names)


def test_what_the_page_loads_is_small() -> None:
	app = ROOT / "recovery_console"
	files = {app / path for path in hooks.page_js["recovery-console"]}
	files |= {app / "public" / path.partition("?")[0].split("/", 3)[3] for path in hooks.app_include_js}
	files |= {path for path in (app / "recovery" / "page").rglob("*") if path.suffix in (".js", ".css")}
	assert len(files) > 7
	assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_a_diagnosis_shows_what_is_wrong(people: Desk, mails: list[str]) -> None:  # noqa: F811
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		diagnose(operator)
		assert operator.see(".rc-head[data-status=critical]")
		operator.see(".rc-cards .rc-card")
		assert operator.js("return document.querySelectorAll('.rc-tile').length") >= 15
		stuck = operator.see('.rc-card[data-fingerprint^="email.stuck_sending"]')
		assert str(len(mails)) in stuck
		assert mails[0] in stuck
		look_closely(operator, "page", ".rc-page")
		assert unharmed(operator)


def test_two_people_follow_a_diagnosis_that_a_third_runs(people: Desk, stored: Any) -> None:
	found = samples.finding("jobs.workers", "critical", title="No worker is running.")
	evil = samples.report([samples.finding("errors.repeated", title=samples.EVIL)])
	report = samples.report([found])
	stored(samples.report([], age=timedelta(minutes=3)))
	folder = people.site.bench / "sites" / people.site.name
	with browsers(people.address, 2) as (first, second):
		both = [people.sign_in(first, "Recovery Operator"), people.sign_in(second, "Recovery Manager")]
		for browser in both:
			open_page(browser)
		with live.begin(folder, by="somebody@example.org", now=datetime.now(UTC)) as writes:
			assert writes is not None
			writes.add(next(item for item in report["checks"] if item["findings"]), 1, 4)
			for browser in both:
				comes_back(browser)
				assert "somebody@example.org runs a diagnosis" in browser.see(".rc-head.running .rc-say")
				assert "No worker is running." in browser.see(".rc-found li")
				assert browser.see(".rc-far") == "1 of 4 checks"
				assert browser.see(".rc-tile[data-family=jobs].critical")
				assert browser.see(".rc-tile[data-family=email].waits")
			for number, check in enumerate(report["checks"][:2], start=2):
				writes.add(check, number, 4)
			for browser in both:
				browser.until(
					"return document.querySelector('.rc-far').innerText === '3 of 4 checks'", "it went on"
				)
				assert browser.js("return document.querySelectorAll('.rc-found li').length") == 1
				assert browser.see(".rc-progress[aria-valuenow='75']")
			look_closely(both[0], "diagnosis", ".rc-page")
			writes.add(next(item for item in evil["checks"] if item["findings"]), 4, 4)
			for browser in both:
				browser.until(
					"return document.querySelectorAll('.rc-found li').length === 2", "the last is shown"
				)
			stored(report)
			writes.end(snapshot="it is the newest")
		for browser in both:
			assert "No worker" in browser.see(".rc-head[data-status=critical] .rc-say")
			browser.until(
				"return document.querySelector('.rc-page [data-part=said]').innerText.includes('No worker')",
				"it was told to who does not see it",
			)
			assert unharmed(browser)


def test_one_that_is_running_is_not_started_again_and_its_death_is_told(people: Desk, stored: Any) -> None:
	stored(samples.report([]))
	folder = people.site.bench / "sites" / people.site.name
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		with live.begin(folder, by="somebody@example.org", now=datetime.now(UTC)) as writes:
			assert writes is not None
			comes_back(operator)
			operator.see(".rc-head.running")
			operator.click("Run Diagnosis")
			assert "somebody@example.org" in operator.see(".rc-head.running")
		assert "came to no end" in operator.see(".rc-trouble")
		assert "All is well" in operator.see(".rc-say")


def test_it_is_there_at_once_and_leaves_the_site_alone(people: Desk, stored: Any) -> None:
	stored(samples.report([], age=timedelta(minutes=3)))
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		assert "All is well" in operator.see(".rc-say")
		operator.open("/app/health-snapshot")
		operator.see(".list-row, .no-result")
		took = operator.driver.execute_async_script(PAINT) / 1000
		assert took < FIRST_PAINT
		before = operator.js(REQUESTS)
		time.sleep(8)  # what is measured is that nothing happens meanwhile
		assert operator.js(REQUESTS) - before <= 2
		look_closely(operator, "page-well", ".rc-page")


def test_a_part_of_the_site_is_chosen_by_keyboard(people: Desk, stored: Any) -> None:
	from selenium.webdriver.common.keys import Keys

	stored(
		samples.report(
			[
				samples.finding("jobs.workers", "critical"),
				samples.finding("email.starving", "critical", "jobs.workers"),
				samples.finding("backups.age", "warning"),
			]
		)
	)
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		assert "Mail is not going out" in operator.see(".rc-say")
		assert operator.js("return document.querySelectorAll('.rc-card').length") == 2
		operator.js("document.querySelector('.rc-tile[data-family=email]').focus()")
		operator.driver.switch_to.active_element.send_keys(Keys.ENTER)
		operator.see(".rc-tile[data-family=email][aria-pressed=true]")
		assert operator.js("return document.activeElement.dataset.family") == "email"
		operator.until(
			"return document.querySelectorAll('.rc-card').length === 1", "only what concerns mail is shown"
		)
		assert operator.js("return location.pathname") == f"{PAGE}/family/email"
		operator.js("document.querySelector('.rc-below > summary').focus()")
		operator.driver.switch_to.active_element.send_keys(Keys.ENTER)
		assert "email.starving" in operator.see(".rc-explained .rc-finding")
		operator.driver.refresh()
		operator.see(".rc-tile[data-family=email][aria-pressed=true]")
		operator.driver.back()
		operator.until(
			"return document.querySelectorAll('.rc-card').length === 2", "everything is shown again"
		)
		assert unharmed(operator)


def test_a_repair_is_seen_by_two_and_survives_a_reload(people: Desk, mails: list[str]) -> None:  # noqa: F811
	with browsers(people.address, 2) as (first, second):
		operator = people.sign_in(first, "Recovery Operator")
		open_page(operator)
		diagnose(operator)
		button = f'.rc-page button[data-runbook="{RUNBOOK}"]'
		operator.until(
			"document.querySelectorAll('.rc-page .rc-below').forEach((item) => { item.open = true; });"
			"return document.querySelector(arguments[0])",
			"the repair is offered",
			button,
		)
		operator.js("document.querySelector(arguments[0]).click()", button)
		assert "Sending" in operator.see('.rc-repair-dialog[data-stage="plan"] .rc-steps')
		look_closely(operator, "plan", ".rc-repair-dialog .modal-content")
		operator.type("rc_reason", "A worker was killed at 02:10; it runs again.")
		operator.click("Start")
		assert "Recovery Manager" in wait_for_state(operator, "Awaiting Approval")
		run = operator.js("return location.pathname.split('/').pop()")
		operator.driver.refresh()
		assert "Recovery Manager" in wait_for_state(operator, "Awaiting Approval")
		look_closely(operator, "approval", ".rc-page")

		manager = people.sign_in(second, "Recovery Manager")
		open_page(manager)
		assert manager.see(f".rc-open-run a[href$='{run}']")
		manager.js(f"document.querySelector(\".rc-open-run a[href$='{run}']\").click()")
		wait_for_state(manager, "Awaiting Approval")
		manager.click("Approve")
		manager.type("reason", "seen, and right")
		assert serious(manager, ".modal.show .modal-content") == []
		manager.click("Approve")
		wait_for_state(manager, "Running")
		manager.driver.refresh()
		wait_for_state(manager, "Running")
		do_the_steps(manager, "Succeeded")
		assert set(people.site.python(STATUSES, json.dumps(mails))) == {
			"Error"
		}  # kept for a person, as planned
		wait_for_state(operator, "Succeeded")  # the other page followed, without being loaded again
		look_closely(manager, "done", ".rc-page")
		manager.click("Undo")
		manager.type("reason", "only a test")
		manager.click("Undo")
		wait_for_state(manager, "Running")
		do_the_steps(manager, "Undone")
		assert set(people.site.python(STATUSES, json.dumps(mails))) == {"Sending"}
		assert unharmed(operator)
		assert unharmed(manager)


def test_500_findings_and_10_000_subjects(people: Desk, stored: Any) -> None:
	stored(samples.many_findings())
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		operator.open("/app/health-snapshot")
		operator.see(".list-row, .no-result")
		assert operator.driver.execute_async_script(PAINT) / 1000 < 2 * FIRST_PAINT
		cards = "return document.querySelectorAll('.rc-card').length"
		assert operator.js(cards) == 20
		operator.js("document.querySelector('.rc-more').click()")
		assert operator.js(cards) == 40
		for size in (NARROW, WIDE):
			resize(operator, size)
			assert fits(operator), f"it does not fit a screen {size[0]} wide"
		operator.js("document.querySelector('.rc-below').open = true")
		operator.until(
			"return document.querySelectorAll('.rc-explained .rc-finding').length === 20",
			"the first of what it explains is shown",
		)
		assert unharmed(operator)


def test_what_is_old_is_not_taken_for_the_present(people: Desk, stored: Any) -> None:
	stored(samples.report([samples.finding("email.starving", "critical")], age=timedelta(days=3)))
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		open_page(operator)
		if "Nobody knows" not in operator.see(".rc-say"):
			pytest.skip("this site has a newer snapshot of somebody else's")
		assert operator.see(".rc-head[data-status=unknown]")
		picture(operator, "page-stale")


def test_who_has_no_role_sees_nothing(people: Desk, stored: Any) -> None:
	stored(samples.report([samples.finding("email.starving", "critical")]))
	with browsers(people.address, 1) as (browser,):
		nobody = people.sign_in(browser, "Website Manager")
		nobody.open(PAGE)
		nobody.until(
			"return window.jQuery && !jQuery.active && document.body.innerText.length > 20", "it was opened"
		)
		assert "email.starving" not in nobody.text()
		assert not nobody.js("return document.querySelector('.rc-head[data-status], .rc-card')")
		for method, verb in METHODS.items():
			status = nobody.driver.execute_async_script(
				"const [method, url, done] = arguments; fetch(url, {method,"
				"headers: {'X-Frappe-CSRF-Token': frappe.csrf_token}}).then((answer) => done(answer.status));",
				verb,
				f"/api/method/recovery_console.api_page.{method}",
			)
			assert status == 403, method


def test_the_workspace_leads_to_the_page(people: Desk) -> None:
	with browsers(people.address, 1) as (browser,):
		operator = people.sign_in(browser, "Recovery Operator")
		operator.open("/app/recovery")
		operator.until(
			"const found = document.querySelector('.shortcut-widget-box[data-widget-name], .shortcut-widget-box');"
			"if (found) found.click(); return location.pathname === arguments[0]",
			"its first shortcut opened the page",
			PAGE,
		)
		operator.see(".rc-page .rc-head")


def test_where_the_site_stops_answering_it_says_so(people: Desk, stored: Any, tmp_path: Path) -> None:
	stored(samples.report([]))
	with browsers("", 1) as (browser,):
		with served(people.site, tmp_path / "another.log") as address:
			browser.address = address
			open_page(people.sign_in(browser, "Recovery Operator"))
		comes_back(browser)
		assert "asked again" in browser.see(".rc-trouble")
		assert "All is well" in browser.see(".rc-say")  # what was seen stays


def test_it_goes_on_when_redis_dies(
	people: Desk, stored: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	stored(samples.report([]))
	with browsers("", 1) as (browser,):
		with served(people.site, tmp_path / "before.log") as address:
			browser.address = address
			operator = people.sign_in(browser, "Recovery Operator")
			open_page(operator)
		for name in ("FRAPPE_REDIS_CACHE", "FRAPPE_REDIS_QUEUE"):
			monkeypatch.setenv(name, "redis://127.0.0.1:9")  # nobody listens there
		with served(people.site, tmp_path / "after.log", int(address.rpartition(":")[2])):
			diagnose(operator)
			assert "Redis" in operator.see(".rc-head[data-status=critical]")
			assert unharmed(operator)
