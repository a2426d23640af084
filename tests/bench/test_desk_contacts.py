"""The contacts card in Desk: a click opens the page for the wall, and who only operates may print it, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.browsers import browsers
from tests.bench.test_desk_runs import Desk, desk  # noqa: F401 (a fixture)


@pytest.mark.parametrize("role", ["Recovery Manager", "Recovery Operator"])
def test_a_click_opens_the_card_to_print(desk: Desk, role: str) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, role)
		browser.open("/app/recovery-settings")
		browser.click("Contacts Card")
		form = browser.driver.current_window_handle
		(card,) = [handle for handle in browser.driver.window_handles if handle != form]
		browser.driver.switch_to.window(card)
		assert "Whom to call" in browser.see("h1")
		text = browser.text()
		for said in ("E1 Who answers first", "E4 after 60 min", "incident open", desk.site.name):
			assert said in text
		if folder := os.environ.get("RECOVERY_PICTURES"):
			browser.driver.save_screenshot(str(Path(folder) / "contacts-card.png"))
		browser.driver.switch_to.window(form)
		assert browser.errors() == []
