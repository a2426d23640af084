"""axe-core, which finds what keeps people out who use a keyboard or a screen reader.

from tests.bench.axe import serious
assert serious(browser, ".rc-page") == []
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
	from tests.bench.browsers import Browser

VERSION = "4.10.3"
#: What axe calls so keeps somebody from using the page.
SERIOUS = ("serious", "critical")
_RUN = """
const [selector, done] = arguments;
axe.run(document.querySelector(selector), { resultTypes: ["violations"] }).then(
	({ violations }) => done(violations.map(({ id, impact, help, nodes }) => ({
		id, impact, help, nodes: nodes.slice(0, 5).map((node) => [node.html.slice(0, 300), node.failureSummary]),
	}))),
	(error) => done([{ id: "axe itself", impact: "critical", help: String(error), nodes: [] }]),
);
"""


@lru_cache(maxsize=1)
def source() -> str:
	"""Return the script of axe-core, which npm fetches into the user's cache the first time."""
	cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
	folder = cache / "recovery-console" / f"axe-core-{VERSION}"
	script = folder / "node_modules" / "axe-core" / "axe.min.js"
	if not script.is_file():
		npm = shutil.which("npm")
		if npm is None:
			pytest.skip("NOT TESTED WITH AXE: there is no npm to fetch it with")
		folder.mkdir(parents=True, exist_ok=True)
		command = [
			npm,
			"install",
			"--prefix",
			str(folder),
			"--no-save",
			"--ignore-scripts",
			f"axe-core@{VERSION}",
		]
		done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
		if not script.is_file():
			pytest.skip(f"NOT TESTED WITH AXE: npm could not fetch it: {done.stderr[-500:]}")
	return script.read_text("utf-8")


def violations(browser: Browser, selector: str) -> list[dict[str, Any]]:
	"""Return everything that axe objects to inside the element that a selector finds first."""
	if not browser.js("return Boolean(window.axe)"):
		browser.js(source())
	found: list[dict[str, Any]] = browser.driver.execute_async_script(_RUN, selector)
	return found


def serious(browser: Browser, selector: str) -> list[dict[str, Any]]:
	"""Return the violations inside an element that keep somebody from using it."""
	return [found for found in violations(browser, selector) if found["impact"] in SERIOUS]
