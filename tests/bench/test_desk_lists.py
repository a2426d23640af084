"""The workspace, the lists, the forms and the badge of the navbar in a real browser, as an operator sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench import desk_samples as samples
from tests.bench.axe import serious
from tests.bench.browsers import Browser, browsers
from tests.bench.screens import NARROW, WIDE, picture, resize, theme
from tests.bench.test_desk_runs import Desk, desk  # noqa: F401 (a fixture)

BADGE = "#recovery-console-badge a"
LISTS = {
	"incident": "Incident",
	"incident-review": "Incident Review",
	"duty-sign-off": "Duty Sign-off",
	"runbook-run": "Runbook Run",
	"runbook": "Runbook",
	"recovery-silence": "Recovery Silence",
	"recovery-channel": "Recovery Channel",
	"recovery-notice": "Recovery Notice",
	"known-error": "Known Error",
	"suspected-problem": "Suspected Problem",
	"recovery-duty": "Recovery Duty",
	"health-snapshot": "Health Snapshot",
}
#: Two incidents that are late and one that is over; the first has a title that is hard to show.
INCIDENTS = """
from recovery_console.in_site import incident_actions
from frappe.utils import add_to_date, now_datetime
names = []
for title, severity in ((args[0], "S1"), ("It is slow, for the test", "S3"), ("It is over, for the test", "S3")):
	names.append(incident_actions.open_by_hand(title, severity=severity, actor="Administrator"))
frappe.db.set_value("Incident", names[0], {"acknowledge_due": add_to_date(now_datetime(), minutes=-95),
	"acknowledged_at": None}, update_modified=False)
frappe.db.set_value("Incident", names[2], "status", "Closed", update_modified=False)
frappe.db.commit()
print(json.dumps(names))
"""
FORGET = """
names = json.loads(args[0])
for doctype, field in (("Incident Event", "incident"), ("Incident Finding", "parent"), ("Incident Review", "incident"),
	("Recovery Notice", "incident"), ("Incident", "name")):
	frappe.db.delete(doctype, {field: ("in", names)})
frappe.db.commit()
"""
CRITICAL = """
frappe.db.set_value("Health Snapshot", args[0], "critical_count", 2, update_modified=False)
frappe.db.commit()
"""
OURS = (".number-widget-box .widget-content", ".shortcut-widget-box", ".links-widget-box .widget-body")


@pytest.fixture
def incidents(desk: Desk) -> Iterator[list[str]]:  # noqa: F811
	names = desk.site.python(INCIDENTS, samples.LONG)
	yield names
	desk.site.python(FORGET, json.dumps(names))


@pytest.fixture
def critical(desk: Desk) -> Iterator[str]:  # noqa: F811
	"""The newest snapshot of the site has two critical findings."""
	found = [samples.finding(f"jobs.{name}", "critical") for name in ("one", "two")]
	[name] = samples.store(desk.site, [samples.report(found)])
	desk.site.python(CRITICAL, name)
	yield name
	samples.forget(desk.site, [name])


def open_list(browser: Browser, address: str) -> None:
	browser.open(f"/app/{address}")
	browser.until(
		"return !window.jQuery.active && document.querySelector('.list-row-container, .no-result:not([style*=none])')",
		f"{address} was listed",
	)


def test_the_badge_is_for_those_who_may_look(desk: Desk, critical: str) -> None:  # noqa: F811
	with browsers(desk.address, 2) as (first, second):
		operator = desk.sign_in(first, "Recovery Operator")
		open_list(operator, "incident")
		said = operator.see(BADGE)
		assert said == "2 critical"
		assert "The last diagnosis found something critical." in operator.js(
			"return document.querySelector(arguments[0]).getAttribute('aria-label')", BADGE
		)
		assert serious(operator, "#recovery-console-badge") == []
		operator.js("document.querySelector(arguments[0]).click()", BADGE)
		operator.see(".rc-page .rc-head")
		assert operator.errors() == []
		nobody = desk.sign_in(second, "Website Manager")
		nobody.open("/app/user-profile")
		nobody.until("return window.frappe && frappe.app && !window.jQuery.active", "Desk was there")
		assert not nobody.js("return document.querySelector(arguments[0])", BADGE)
		assert not nobody.js("return frappe.boot.recovery_console_badge")


def test_a_list_says_what_is_due_next(desk: Desk, incidents: list[str]) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, "Recovery Operator")
		resize(browser, (1440, 720))  # Desk shows fewer columns on a screen that is narrower
		open_list(browser, "incident")
		browser.see(f'.list-row a[href*="{incidents[0]}"]')
		text = browser.text()
		assert "Late by 1 h 35 min" in text
		assert browser.js("return document.querySelector('[title^=\"Acknowledge: late by 1 h 35\"]')")
		assert "left" in text
		assert "It is slow, for the test" in text
		assert "It is over, for the test" not in text, "the list opens with what is open"
		picture(browser, "list-incidents")
		browser.open(f"/app/incident/{incidents[0]}")
		browser.see(".rc-story")
		for size, colours in ((WIDE, "light"), (NARROW, "dark")):
			resize(browser, size)
			theme(browser, colours)
			assert serious(browser, ".rc-story") == [], colours
			assert browser.js("return document.documentElement.scrollWidth <= window.innerWidth + 1")
		assert browser.errors() == []


def test_every_list_opens_for_an_operator(desk: Desk) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, "Recovery Operator")
		for address, doctype in LISTS.items():
			open_list(browser, address)
			assert browser.js("return cur_list.doctype") == doctype
			assert browser.js("return Boolean(frappe.listview_settings[arguments[0]].get_indicator)", doctype)
			assert browser.errors() == [], address


def test_the_workspace_is_whole_for_an_operator(desk: Desk, critical: str, incidents: list[str]) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, "Recovery Operator")
		browser.open("/app/recovery")
		browser.until("return document.querySelectorAll('.number-widget-box').length === 4", "four numbers")
		browser.until(
			"return document.querySelectorAll('.dashboard-widget-box').length === 7 && !window.jQuery.active"
			"&& [...document.querySelectorAll('.dashboard-widget-box')].every((box) =>"
			"box.querySelector('svg.frappe-chart, .chart-empty-state, .widget-body .text-muted'))",
			"seven charts, or that there is nothing to draw",
		)
		first = browser.js("return document.querySelector('.shortcut-widget-box').innerText")
		assert "Recovery Console" in first
		text = browser.text()
		for said in (
			"Incident Figures",
			"Downtime per Month",
			"Duty Sign-offs",
			"Silences",
			"Recovery Settings",
		):
			assert said in text
		for selector in OURS:
			assert serious_ours(browser, selector) == []
		look_at_workspace(browser)
		assert browser.errors() == []


def serious_ours(browser: Browser, selector: str) -> list[dict[str, Any]]:
	browser.see(selector)
	return serious(browser, selector)


def look_at_workspace(browser: Browser) -> None:
	for size, width in ((WIDE, "wide"), (NARROW, "narrow")):
		resize(browser, size)
		for colours in ("light", "dark"):
			theme(browser, colours)
			picture(browser, f"workspace-{width}-{colours}")
		assert browser.js("return document.documentElement.scrollWidth <= window.innerWidth + 1"), width
