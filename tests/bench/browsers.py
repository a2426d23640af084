"""A real browser at a real bench, for tests of Desk."""

from __future__ import annotations

import re
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.benches import BenchSite, running

if TYPE_CHECKING:
	from selenium.webdriver import Chrome

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Desk is slow on a machine that does much else.
PATIENCE = 60
_OPTIONS = (
	"--headless=new",
	"--no-sandbox",
	"--disable-dev-shm-usage",
	"--disable-gpu",
	"--no-proxy-server",
	"--window-size=1400,1000",
)
_BROKEN = re.compile(r"Uncaught|TypeError|ReferenceError|SyntaxError")
#: Frappe plays a sound where nobody has clicked yet.
_SOUND = "play() failed"
_LOGIN = """
const [user, password, done] = arguments;
fetch("/api/method/login", {
	method: "POST",
	headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
	body: new URLSearchParams({ usr: user, pwd: password }),
}).then((answer) => done(answer.status));
"""
#: Clicks what can be clicked and has this text, the topmost dialog first.
_CLICK = """
const shown = (selector) => [...document.querySelectorAll(selector)].filter((item) => item.getClientRects().length);
if (shown("#freeze.in").length) return false;
const dialogs = shown(".modal.show");
// A dialog that still comes into sight takes no notice of what is done to it.
if (dialogs.some((dialog) => (window.$ && $(dialog).data("bs.modal") || {})._isTransitioning)) return false;
const places = dialogs.length ? [dialogs[dialogs.length - 1]] : shown(".page-head, .layout-main");
const button = places
	.flatMap((place) => [...place.querySelectorAll("button")])
	.find((item) => item.getClientRects().length && !item.disabled && item.innerText.trim() === arguments[0]);
if (button) button.click();
return Boolean(button);
"""


def why_not() -> str:
	"""Say why no browser can be driven here; nothing when one can."""
	try:
		import selenium  # noqa: F401
	except ImportError:
		return "selenium is not installed"
	if not any(shutil.which(name) for name in BROWSERS):
		return "there is no Chromium"
	return "" if shutil.which("chromedriver") else "there is no chromedriver"


def need_browser() -> None:
	"""Skip a test loudly where there is no browser."""
	if why := why_not():
		pytest.skip(f"NOT TESTED IN A BROWSER: {why}")


@contextmanager
def served(site: BenchSite, log: Path, port: int = 0) -> Iterator[str]:
	"""Serve a site by a web server of its own, at a free port or a given one, and return its address."""
	if not port:
		with socket.socket() as found:
			found.bind(("127.0.0.1", 0))
			port = found.getsockname()[1]
	command = ["--site", site.name, "serve", "--port", str(port), "--noreload"]
	with running(site.bench, [command], log):
		address = f"http://127.0.0.1:{port}"
		wait_for(lambda: _answers(address), f"{site} was served; see {log}")
		yield address


def _answers(address: str) -> bool:
	try:
		with urllib.request.urlopen(f"{address}/api/method/ping", timeout=5) as answer:
			return bool(answer.status == 200)
	except (urllib.error.URLError, OSError):
		return False


def wait_for(look: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
	"""Look again and again until something is there."""
	ends = time.monotonic() + seconds
	while time.monotonic() < ends:
		if found := look():
			return found
		time.sleep(0.1)
	raise AssertionError(f"it did not come about that {what}")


class Browser:
	"""One person at one browser."""

	def __init__(self, address: str, driver: Chrome) -> None:
		self.address = address
		self.driver = driver

	def sign_in(self, user: str, password: str) -> None:
		self.driver.get(f"{self.address}/login")
		assert self.driver.execute_async_script(_LOGIN, user, password) == 200

	def open(self, path: str) -> None:
		self.driver.get(self.address + path)

	def js(self, code: str, *arguments: Any) -> Any:
		return self.driver.execute_script(code, *arguments)

	def until(self, code: str, what: str, *arguments: Any) -> Any:
		"""Wait until JavaScript returns something that is not empty."""
		return wait_for(lambda: self.js(code, *arguments), f"{what}; it shows:\n{self.text()[-3000:]}")

	def see(self, selector: str) -> str:
		"""Wait until something is shown, and return its text."""
		code = (
			"const found = [...document.querySelectorAll(arguments[0])].find((item) => item.getClientRects().length);"
			"return found ? found.innerText || ' ' : '';"
		)
		return str(self.until(code, f"{selector} was shown", selector))

	def click(self, label: str) -> None:
		self.until(_CLICK, f"there was a button {label} to click", label)

	def type(self, fieldname: str, text: str) -> None:
		"""Fill in a field of the dialog that is open, as a person does."""
		wait_for(lambda: self._fill(fieldname, text), f"{fieldname} could be filled in")

	def _fill(self, fieldname: str, text: str) -> bool:
		from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException

		if self.js(
			"return $('.modal.show').toArray().some((item) => ($(item).data('bs.modal') || {})._isTransitioning)"
		):
			return False
		selector = f'.modal.show [data-fieldname="{fieldname}"] :is(input, textarea)'
		for field in self.driver.find_elements("css selector", selector):
			try:
				if field.is_displayed():
					field.clear()
					field.send_keys(text)
					return True
			except (ElementNotInteractableException, StaleElementReferenceException):
				return False  # something still moves in front of it
		return False

	def buttons(self) -> set[str]:
		code = "return [...document.querySelectorAll('.page-head button')].filter((b) => b.getClientRects().length)"
		return set(self.js(f"{code}.map((b) => b.innerText.trim());"))

	def text(self) -> str:
		return str(self.js("return document.body ? document.body.innerText : '';"))

	def errors(self) -> list[str]:
		"""Return what broke in a script; a refusal that the server sent is none, and is logged as well."""
		return [
			line["message"]
			for line in self.driver.get_log("browser")
			if line["level"] == "SEVERE" and _BROKEN.search(line["message"]) and _SOUND not in line["message"]
		]


@contextmanager
def browsers(address: str, count: int) -> Iterator[list[Browser]]:
	"""Open browsers that know nothing of one another."""
	from selenium import webdriver

	opened: list[Browser] = []
	try:
		for _number in range(count):
			options = webdriver.ChromeOptions()
			for option in _OPTIONS:
				options.add_argument(option)
			options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
			driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
			driver.set_script_timeout(PATIENCE)
			opened.append(Browser(address, driver))
		yield opened
	finally:
		for browser in opened:
			browser.driver.quit()
