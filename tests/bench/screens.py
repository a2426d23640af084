"""How a page looks: wide and narrow, light and dark; pictures of it for docs/, where they are asked for."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from tests.bench.benches import ROOT

if TYPE_CHECKING:
	from tests.bench.browsers import Browser

FOLDER = ROOT / "docs" / "screenshots"
WIDE = (1200, 800)
NARROW = (375, 812)
#: A picture is no larger, so that the repository stays small.
MOST_BYTES = 150_000
_THEME = """
document.documentElement.setAttribute("data-theme-mode", arguments[0]);
document.documentElement.setAttribute("data-theme", arguments[0]);
"""

#: Where this bench lies is nobody's business: pictures show a bench in its usual place.
_NO_PATHS = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const node = walker.currentNode;
	node.data = node.data.replace(/(\\/[\\w.-]+)+\\/frappe-bench[\\w-]*/g, "/home/frappe/frappe-bench");
}
"""


def resize(browser: Browser, size: tuple[int, int]) -> None:
	"""Give the browser a screen of this size; a narrow one is a telephone's."""
	width, height = size
	metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
	browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
	if (
		width < 500
	):  # Frappe 16 opens a telephone with its sidebar closed, but does not close one that is open
		browser.js(
			"if (frappe.app.sidebar && frappe.app.sidebar.close_sidebar) frappe.app.sidebar.close_sidebar();"
		)


def theme(browser: Browser, name: str) -> None:
	"""Show Desk in ``light`` or ``dark``."""
	browser.js(_THEME, name)


def picture(browser: Browser, name: str) -> None:
	"""Save what is seen as ``docs/screenshots/<name>.png``, when ``RECOVERY_SCREENSHOTS=1`` asks for it."""
	if os.environ.get("RECOVERY_SCREENSHOTS") != "1":
		return
	browser.until("return !document.querySelector('#freeze.in')", "nothing was frozen")
	browser.js(_NO_PATHS)
	data = base64.b64decode(
		browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
	)
	FOLDER.mkdir(parents=True, exist_ok=True)
	(FOLDER / f"{name}.png").write_bytes(data)
	assert len(data) <= MOST_BYTES, f"{name}.png is too large: {len(data)} bytes"
