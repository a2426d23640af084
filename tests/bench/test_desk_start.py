"""Desk starts with the console's scripts, and goes on, whatever of the site is switched off or missing."""

from __future__ import annotations

from tests.bench.browsers import Browser, browsers
from tests.bench.test_desk_runs import Desk, desk  # noqa: F401 (a fixture)

#: As with ``disable_async`` in the site's configuration, which is read by every server of it.
NO_WEBSOCKET = """
const once = (object, name, then) => Object.defineProperty(object, name, {configurable: true, set(value) {
	then(value);
	Object.defineProperty(object, name, {value, configurable: true, writable: true, enumerable: true});
}});
once(window, "frappe", (frappe) => once(frappe, "boot", (boot) => { boot.disable_async = 1; }));
"""
#: Other pages are opened, first at once and then after six minutes, twice.
SIX_MINUTES_LATER = """
const done = arguments[arguments.length - 1];
const asked = () => performance.getEntriesByType("resource").filter((entry) => entry.name.includes("api_snapshots.badge")).length;
const counts = [];
const go = async () => {
	$(document).trigger("page-change");
	await new Promise((resolve) => setTimeout(resolve, 1500));
	counts.push(asked());
};
const now = Date.now;
(async () => {
	await go();
	Date.now = () => now() + 6 * 60 * 1000;
	await go();
	await go();
	done(counts);
})();
"""


def of_a_script(browser: Browser) -> list[str]:
	return [line for line in browser.errors() if "recovery_console" in line or "'emit'" in line]


def test_without_websockets_desk_starts_and_the_page_says_how_the_site_is(desk: Desk) -> None:  # noqa: F811
	with browsers(desk.address, 1) as (browser,):
		operator = desk.sign_in(browser, "Recovery Operator")
		operator.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NO_WEBSOCKET})
		operator.open("/app/recovery-console")
		assert operator.see(".rc-page .rc-head .rc-say")
		assert operator.js("return Boolean(frappe.boot.disable_async && !frappe.realtime.socket)")
		assert of_a_script(operator) == []


def test_the_badge_asks_now_and_then_even_if_nobody_tells(desk: Desk) -> None:  # noqa: F811
	with browsers(desk.address, 1) as (browser,):
		operator = desk.sign_in(browser, "Recovery Operator")
		operator.open("/app/health-snapshot")
		operator.until(
			"return window.frappe && frappe.boot && frappe.boot.recovery_console_badge", "Desk started"
		)
		operator.until("return !jQuery.active && document.readyState === 'complete'", "it is at rest")
		before, after, again = operator.driver.execute_async_script(SIX_MINUTES_LATER)
		assert (after - before, again - after) == (1, 0)
		assert of_a_script(operator) == []


def test_what_desk_loads_at_its_start_is_made_anew_with_each_version(desk: Desk) -> None:  # noqa: F811
	with browsers(desk.address, 1) as (browser,):
		operator = desk.sign_in(browser, "Recovery Operator")
		operator.open("/app/health-snapshot")
		operator.until("return window.frappe && frappe.boot && frappe.boot.versions", "Desk started")
		loaded = operator.js(
			"return performance.getEntriesByType('resource').map((entry) => entry.name)"
			".filter((name) => /recovery_console.js.(badge|why_profile)/.test(name));"
		)
		version = operator.js("return frappe.boot.versions.recovery_console")
		assert loaded
		assert all(name.endswith(f".js?v={version}") for name in loaded), loaded
