"""Channels in Desk: a manager tries one and sees what came of it; an operator may only look."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.benches import BenchSite
from tests.bench.browsers import browsers
from tests.bench.test_desk_runs import Desk, desk  # noqa: F401 (a fixture)
from tests.support.services.process import free_port
from tests.support.services.receiver import Receiver

NAME = "On Call of the Test"
SECRET = "signs every call of the test"
PREPARE = """
doc = frappe.new_doc("Recovery Channel")
doc.update({"kind": "Webhook", "secret_url": args[1], "secret": args[2]})
doc.insert(set_name=args[0])
frappe.db.commit()
"""
POINT = """
doc = frappe.get_doc("Recovery Channel", args[0])
doc.secret_url = args[1]
doc.save()
frappe.db.commit()
"""
FORGET = """
frappe.db.delete("Recovery Notice", {"channel": args[0]})
frappe.db.delete("Recovery Channel", {"name": args[0]})
frappe.db.delete("__Auth", {"doctype": "Recovery Channel", "name": args[0]})
frappe.db.delete("Version", {"ref_doctype": "Recovery Channel", "docname": args[0]})
frappe.db.commit()
"""
FORM = f"/app/recovery-channel/{NAME}"


@pytest.fixture
def receiver(desk: Desk) -> Iterator[Receiver]:  # noqa: F811
	with Receiver() as taking:
		desk.site.python(PREPARE, NAME, taking.url, SECRET)
		try:
			yield taking
		finally:
			desk.site.python(FORGET, NAME)


def test_a_manager_tries_a_channel_and_sees_what_came_of_it(desk: Desk, receiver: Receiver) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, "Recovery Manager")
		browser.open(FORM)
		browser.click("Send a Test")
		assert "The test was sent" in browser.see(".msgprint-dialog")
		picture(browser.driver, "channel-sent")
		[call] = receiver.calls
		assert json.loads(call.body)["event"] == "Test"
		point_to_nobody(desk.site)
		browser.open(FORM)
		browser.click("Send a Test")
		browser.until("return document.body.innerText.includes('could not be sent')", "the test failed")
		assert "refuses the connection" in browser.see(".msgprint-dialog")
		picture(browser.driver, "channel-failed")
		browser.open("/app/recovery-notice")
		browser.until(
			"return [...document.querySelectorAll('.list-row .indicator-pill')].some((item) => /Given Up/.test(item.innerText))",
			"the notices were listed",
		)
		picture(browser.driver, "notices")
		assert SECRET not in browser.text()
		assert browser.errors() == []


def test_an_operator_sees_the_channel_and_may_not_try_it(desk: Desk, receiver: Receiver) -> None:  # noqa: F811
	with browsers(desk.address, 1) as [browser]:
		desk.sign_in(browser, "Recovery Operator")
		browser.open(FORM)
		browser.until(
			"return document.body.innerText.includes('Sent in seven days')", "the channel was shown"
		)
		assert "Send a Test" not in browser.buttons()
		assert SECRET not in browser.text()


def point_to_nobody(site: BenchSite) -> None:
	site.python(POINT, NAME, f"http://127.0.0.1:{free_port()}/")


def picture(driver: object, name: str) -> None:
	"""Keep a picture where somebody asks for it."""
	if folder := os.environ.get("RECOVERY_PICTURES"):
		driver.save_screenshot(str(Path(folder) / f"{name}.png"))  # type: ignore[attr-defined]
