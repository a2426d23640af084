"""The console's page as somebody opens it, runs a diagnosis on it, and looks at it closely."""

from __future__ import annotations

from tests.bench.axe import serious
from tests.bench.browsers import Browser
from tests.bench.screens import NARROW, WIDE, picture, resize, theme

PAGE = "/app/recovery-console"


def open_page(browser: Browser, path: str = PAGE) -> None:
	browser.open(path)
	browser.see(".rc-page .rc-head")


def diagnose(browser: Browser) -> None:
	"""Run a diagnosis and wait until its snapshot is shown."""
	before = browser.js("return frappe.container.page.rc_page.data.snapshot")
	browser.click("Run Diagnosis")
	browser.until(
		"const trouble = document.querySelector('.rc-trouble');"
		"if (trouble) throw new Error(trouble.innerText);"
		"const { data } = frappe.container.page.rc_page;"
		"return data && data.snapshot && data.snapshot !== arguments[0]",
		"the new snapshot is shown",
		before,
	)
	browser.see(".rc-head[data-status]")


def comes_back(browser: Browser) -> None:
	"""Look at the page again, as one who comes back from another window."""
	browser.js("document.dispatchEvent(new Event('visibilitychange'))")


def fits(browser: Browser) -> bool:
	return bool(
		browser.js(
			"return document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1 &&"
			"[...document.querySelectorAll('.rc-page *')].every((item) => !item.getClientRects().length ||"
			"item.closest('.sr-only, pre') || item.getBoundingClientRect().right <= window.innerWidth + 1);"
		)
	)


def unharmed(browser: Browser) -> bool:
	"""Tell whether no text was taken for HTML, and no script broke."""
	injected = browser.js("return document.querySelector('#injected') || document.title === 'injected'")
	return not injected and not browser.errors()


def look_closely(browser: Browser, name: str, selector: str) -> None:
	"""See that a view can be used by everybody: on every screen, in both themes, by keyboard and ear."""
	for size, width in ((WIDE, "wide"), (NARROW, "narrow")):
		resize(browser, size)
		for colours in ("light", "dark"):
			theme(browser, colours)
			assert serious(browser, selector) == [], f"{name}, {width}, {colours}"
			picture(browser, f"{name}-{width}-{colours}")
		assert fits(browser), f"{name} does not fit a screen {size[0]} wide"
	resize(browser, WIDE)
	theme(browser, "light")
