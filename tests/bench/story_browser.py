"""What the people of the story do in their browsers, and what is fetched from there."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.browsers import Browser
from tests.bench.screens import NARROW, WIDE, picture, resize, theme
from tests.bench.test_desk_runs import wait_for_state

OFFER = '.rc-offers[data-fingerprint="{0}"] button[data-runbook="{1}"]'
FETCH = """
const [url, done] = arguments;
fetch(url).then(async (answer) => {
	const bytes = new Uint8Array(await answer.arrayBuffer());
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	done([answer.status, btoa(text)]);
});
"""


def start_from_finding(operator: Browser, incident: str, fingerprint: str, runbook: str) -> None:
	"""Open the incident, and plan and start a runbook that is offered beside one of its findings."""
	operator.open(f"/app/incident/{incident}")
	button = OFFER.format(fingerprint, runbook)
	operator.until("return document.querySelector(arguments[0])", f"{runbook} is offered", button)
	operator.js("document.querySelector(arguments[0]).click()", button)
	operator.see('.rc-repair-dialog[data-stage="plan"] .rc-steps')
	operator.type("rc_reason", f"For {incident}")
	operator.click("Start")
	operator.see(".rc-run[data-run]")


def approve(manager: Browser, run: str, reason: str, name: str = "") -> None:
	"""Agree to what a run has planned, at another desk."""
	resize(manager, WIDE)
	manager.open(f"/app/runbook-run/{run}")
	wait_for_state(manager, "Awaiting Approval")
	if name:
		picture(manager, name)
	manager.click("Approve")
	manager.type("reason", reason)
	manager.click("Approve")
	wait_for_state(manager, "Running")


def by_hand(operator: Browser, words: str) -> None:
	"""Come to the step by hand that says this, or to this state: steps before it are done here, as no worker does them."""
	now = """
		const [words] = arguments;
		const run = (window.cur_frm && cur_frm.run_view || {}).run;
		if (!run) return "";
		const step = run.steps.find((item) => item.state === "now");
		if (run.state === words) return "here";
		if (step && step.kind === "manual" && JSON.stringify(step).includes(words)) return "here";
		const buttons = [...document.querySelectorAll(".page-head button, .layout-main button")];
		const next = buttons.find((item) => item.getClientRects().length && !item.disabled
			&& item.innerText.trim() === "Do the Next Step Here");
		const shown = (item) => item && item.getClientRects().length;
		if (next && !shown(document.querySelector("#freeze.in")) && !cur_frm.run_view.busy) next.click();
		return "";
	"""
	operator.until(now, f"the step “{words}” is reached", words)


def confirm(operator: Browser, note: str) -> None:
	operator.click("It Is Done")
	# Bootstrap does not hide a dialog that is still coming into sight.
	settled = "const dialog = $('.modal.show').data('bs.modal'); return dialog && !dialog._isTransitioning;"
	operator.until(settled, "it is asked what was done")
	if note:
		operator.type("note", note)
	operator.click("It Is Done")
	operator.until("return !document.querySelector('.modal.show')", "the dialog is gone")


def pictures(browser: Browser, name: str) -> None:
	picture(browser, f"{name}-wide")
	theme(browser, "dark")
	picture(browser, f"{name}-dark")
	theme(browser, "light")
	resize(browser, NARROW)
	picture(browser, f"{name}-narrow")
	resize(browser, WIDE)


def picture_of_page(pdf: Path, folder: Path) -> None:
	import os

	from tests.bench.screens import FOLDER, MOST_BYTES

	if os.environ.get("RECOVERY_SCREENSHOTS") != "1":
		return
	subprocess.run(
		["pdftoppm", "-png", "-r", "80", "-singlefile", "-l", "1", str(pdf), str(folder / "page")], check=True
	)
	data = (folder / "page.png").read_bytes()
	assert len(data) <= MOST_BYTES
	(FOLDER / "review-pdf.png").write_bytes(data)


def fetched(browser: Browser, method: str, review: str) -> bytes:
	url = f"/api/method/recovery_console.api_reviews.{method}?review={review}"
	status, data = browser.driver.execute_async_script(FETCH, url)
	content = base64.b64decode(data)
	assert status == 200, content[:2000]
	return content


def in_order(wanted: list[str], found: list[str]) -> bool:
	"""Tell whether all of one list stand in another in this order; others may stand between."""
	rest: Iterator[Any] = iter(found)
	return all(each in rest for each in wanted)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text)
