"""One story on a real bench: from a worker that is really killed to a signed review in PDF. docs/story.md tells it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.bench import story_site
from tests.bench.browsers import Browser, browsers, wait_for
from tests.bench.screens import WIDE, picture, resize
from tests.bench.story_browser import (
	approve,
	at,
	by_hand,
	confirm,
	fetched,
	in_order,
	picture_of_page,
	pictures,
	start_from_finding,
)
from tests.bench.story_site import NAMES, Story, kill, no_worker_lives, stop, told, worker
from tests.bench.test_desk_runs import Desk, desk, do_the_steps, wait_for_state  # noqa: F401 (fixtures)
from tests.support.services.receiver import Answer, Receiver

OPERATOR, MANAGER = (" ".join(NAMES[role]) for role in ("Recovery Operator", "Recovery Manager"))
JOBS = ["story-transfer", "story-waits-1", "story-waits-2"]
ABANDONED, NO_WORKER = "jobs.abandoned", "jobs.workers"
WORDS = {
	"root_cause": "The worker needed more memory than the machine had, and the kernel ended it. Nothing started it again.",
	"resolution": "The transfer that it had begun was released, and a worker was started.",
	"went_well": "Everything that waited was still in its queue, and was done once.",
	"could_improve": "The first call was not heard for an hour.",
	"lessons": "A worker that dies must be started again by the machine, not by a person.",
	"prevention": "Supervisor keeps the workers, and a second one runs.",
	"documentation_updates": "The page about the servers names who may start workers.",
}
TASK = "Let supervisor keep two workers, and try it by killing one."
FIGURES = """
from frappe.desk.query_report import run
rows = run("Incident Figures", {"group_by": "Severity"}, ignore_prepared_report=True)["result"]
print(json.dumps(next(([row["incidents"], row["broken"]] for row in rows if row["group"] == "S2"), [0, 0])))
"""
WAITING = """
from rq.job import Job
from frappe.utils.background_jobs import get_redis_conn
jobs = Job.fetch_many(json.loads(args[0]), get_redis_conn())
states = [job.get_status() if job else None for job in jobs]
print(json.dumps([getattr(state, "value", state) for state in states]))
"""


@pytest.fixture
def story(desk: Desk, tmp_path: Path) -> Iterator[Story]:  # noqa: F811
	no_worker_lives(desk.site)
	with told(desk, tmp_path / "workers.log", JOBS) as prepared:
		yield prepared


def test_from_a_killed_worker_to_a_signed_review(story: Story, tmp_path: Path) -> None:
	figures = story.site.python(FIGURES)
	with Receiver(Answer(hang=True), Answer()) as bank:
		a_worker_is_killed_at_work(story, bank)
		incident = it_is_found_and_opened_once(story)
		nobody_answers_and_the_next_is_called(story, incident)
		with browsers(story.desk.address, 2) as (first, second):
			operator = story.desk.sign_in(first, "Recovery Operator")
			it_is_acknowledged(story, operator, incident)
			manager = story.desk.sign_in(second, "Recovery Manager")
			what_was_begun_is_released(story, operator, manager, incident)
			started = workers_are_started(story, operator, manager, incident)
			try:
				two_good_snapshots_resolve_it(story, incident)
			finally:
				stop(started)
			review = it_is_reviewed_and_signed(story, manager, incident)
			it_is_exported(story, manager, review, tmp_path)
			assert not operator.errors() + manager.errors()
	it_is_counted(story, figures)


def a_worker_is_killed_at_work(story: Story, bank: Receiver) -> None:
	"""It waits for the answer of another system when the kernel ends it; two other jobs wait behind it."""
	queued = [
		(JOBS[0], "frappe.integrations.utils.make_get_request", "long", {"url": f"{bank.url}/transfer"}),
		*((name, "frappe.ping", "default", {}) for name in JOBS[1:]),
	]
	ids = story.site.python(story_site.QUEUE, json.dumps(queued))
	story.state["jobs"] = list(ids.values())
	process = worker(story.site, story.log, "long")
	bank.wait(1, 60)  # it is at work
	kill(process)
	assert story.site.python(WAITING, json.dumps(story.state["jobs"])) == ["started", "queued", "queued"]


def it_is_found_and_opened_once(story: Story) -> str:
	"""The first look suspects it, the second confirms it and calls E1; later ones open nothing."""
	story.look_at(story.begun)
	found = story.read()
	assert found["incidents"] == []
	assert {row["fingerprint"]: row["looks"] for row in found["suspects"]}[NO_WORKER] == "1"
	confirmed = story.begun + timedelta(minutes=4)
	story.sweep(confirmed)
	found = story.read()
	[incident] = found["incidents"]
	doc = found["doc"]
	assert (doc["fingerprint"], doc["status"], doc["severity"]) == (NO_WORKER, "Detected", "S2")
	assert at(doc["first_seen"]) == confirmed
	assert (doc["escalation_tier"], at(doc["next_due"])) == (1, confirmed + timedelta(hours=1))
	story.sweep(confirmed + timedelta(minutes=5))
	found = story.read()
	assert found["incidents"] == [incident]
	assert {row["state"] for row in found["notices"]} == {"Sent"}, found["notices"]
	[called] = [said for event, said in story.calls(incident) if event == "Escalated"]
	assert f"Told: {OPERATOR}." in called
	assert story.user("Recovery Operator") in {row["for_user"] for row in found["rung"]}
	assert [event for event, _said in story.calls(incident)].count("Opened") == 1
	return str(incident)


def nobody_answers_and_the_next_is_called(story: Story, incident: str) -> None:
	"""At the moment that was stored, and not before; the breach has the moment at which it happened."""
	due = at(story.read()["doc"]["next_due"])
	story.sweep(due - timedelta(seconds=1))
	assert story.read()["doc"]["escalation_tier"] == 1
	passes = due + timedelta(minutes=2)
	story.sweep(passes)
	story.sweep(passes + timedelta(minutes=1))  # what could not be sent at once is sent by the next sweeper
	found = story.read()
	assert found["doc"]["escalation_tier"] == 2
	assert at(found["doc"]["acknowledge_breached"]) == due
	lines = {event: (moment, detail) for event, moment, _actor, detail in found["lines"]}
	assert at(lines["Breached"][0]) == due
	assert at(lines["Escalated"][0]) == passes
	assert f"Told: {MANAGER}." in lines["Escalated"][1]
	assert story.user("Recovery Manager") in {row["for_user"] for row in found["rung"]}
	assert "Breached" in [event for event, _said in story.calls(incident)]


def it_is_acknowledged(story: Story, operator: Browser, incident: str) -> None:
	"""One who comes to her desk sees the badge, and comes from there to the incident."""
	snapshot = story.hourly_snapshot()
	assert story.read()["incidents"] == [incident]  # another diagnosis opens none
	resize(operator, WIDE)
	operator.open(f"/app/health-snapshot/{snapshot}")
	operator.until("return window.cur_frm && cur_frm.doc", "the snapshot is shown")
	badge = "document.querySelector('#recovery-console-badge a')"
	if operator.js("return Boolean(document.querySelector('header.navbar'))"):
		assert "critical" in operator.until(f"return {badge} && {badge}.innerText", "the badge is shown")
		operator.js(f"{badge}.click()")
	else:
		operator.open("/app/recovery-console")
	card = f'.rc-card[data-fingerprint="{NO_WORKER}"]'
	assert incident in operator.see(card)
	picture(operator, "story-page")
	operator.js("document.querySelector(arguments[0]).click()", f'{card} a[href$="{incident}"]')
	assert "Late by" in operator.see(".rc-story .rc-clocks")
	operator.until("return cur_frm.doc.name === arguments[0]", "the incident is shown", incident)
	pictures(operator, "incident")
	operator.click("Acknowledge")
	operator.until("return cur_frm.doc.status === 'Acknowledged'", "it is acknowledged")
	found = story.read()
	assert found["doc"]["responder"] == story.user("Recovery Operator")
	assert at(found["doc"]["acknowledged_at"]) > at(found["doc"]["acknowledge_breached"])


def what_was_begun_is_released(story: Story, operator: Browser, manager: Browser, incident: str) -> None:
	"""The job of the dead worker is released from the finding of the incident; the manager agrees."""
	start_from_finding(operator, incident, ABANDONED, "release-abandoned-jobs")
	wait_for_state(operator, "Awaiting Approval")
	run = operator.js("return cur_frm.doc.name")
	approve(manager, run, "The bank was asked: it has not got the transfer.", "story-approval")
	do_the_steps(manager, "Succeeded")
	wait_for_state(operator, "Succeeded")
	assert story.site.python(WAITING, json.dumps(story.state["jobs"][:1])) == ["failed"]
	story.site.python(story_site.DROP, json.dumps(story.state["jobs"][:1]))


def workers_are_started(
	story: Story, operator: Browser, manager: Browser, incident: str
) -> subprocess.Popen[bytes]:
	"""The runbook of the root asks for a worker, and goes on when there is one."""
	start_from_finding(operator, incident, NO_WORKER, "restart-workers")
	run = operator.until(
		"return cur_frm.doc.doctype === 'Runbook Run' && cur_frm.doc.name", "its run is shown"
	)
	by_hand(operator, "Read the last lines")
	picture(operator, "story-run")
	confirm(operator, "Nothing of an import error: its last line is a job's.")
	by_hand(operator, "Awaiting Approval")
	approve(manager, run, "Yes.")
	by_hand(operator, "restart it as")
	started = worker(story.site, story.log, "default", "short", "long")
	try:
		waiting = json.dumps(story.state["jobs"][1:])
		wait_for(
			lambda: set(story.site.python(WAITING, waiting)) <= {"finished", None}, "what waited was done"
		)
		confirm(operator, "One worker runs.")
		by_hand(operator, "A queue that is no longer configured")
		confirm(operator, "")
		by_hand(operator, "Succeeded")
		wait_for(lambda: story.read()["doc"]["status"] == "Mitigated", "it was mitigated")
	except BaseException:
		stop(started)
		raise
	assert run in story.read()["doc"]["mitigated_by"]
	return started


def two_good_snapshots_resolve_it(story: Story, incident: str) -> None:
	"""One is not enough. Everybody who was told of the trouble is told of its end."""
	story.hourly_snapshot()
	assert story.read()["doc"]["status"] == "Mitigated"
	story.hourly_snapshot()
	found = story.read()
	assert found["incidents"] == [incident]
	assert found["doc"]["status"] == "Resolved"
	ways = {
		kind: {(row["channel"], row["address"]) for row in found["notices"] if row["kind"] in kind}
		for kind in (("Opened", "Escalated", "Breached"), ("Resolved",))
	}
	trouble, relief = ways.values()
	assert trouble == relief
	assert len(trouble) == 3  # the webhook, and both of them in Desk
	assert [event for event, _said in story.calls(incident)][-1] == "Resolved"
	assert [row["docstatus"] for row in found["reviews"]] == [0]


def it_is_reviewed_and_signed(story: Story, manager: Browser, incident: str) -> str:
	"""The manager adds what only people know, and signs."""
	[review] = [row["name"] for row in story.read()["reviews"]]
	resize(manager, WIDE)
	manager.open(f"/app/incident-review/{review}")
	manager.see('[data-fieldname="record_html"]')
	for field, text in WORDS.items():
		manager.js("cur_frm.set_value(arguments[0], arguments[1])", field, text)
	due = (datetime.now() + timedelta(days=14)).date().isoformat()
	manager.js(
		"cur_frm.add_child('action_items', {action: arguments[0], kind: 'Prevention', owner_user: arguments[1],"
		"due: arguments[2]}); cur_frm.refresh_field('action_items'); cur_frm.dirty();",
		TASK,
		story.user("Recovery Operator"),
		due,
	)
	manager.click("Save")
	manager.until("return !cur_frm.is_dirty()", "it was saved")
	picture(manager, "review")
	manager.click("Submit")
	manager.click("Yes")
	manager.until("return cur_frm.doc.docstatus === 1 && !cur_frm.is_dirty()", "it was signed")
	found = story.read()
	assert found["doc"]["status"] == "Closed"
	assert found["reviews"] == [{"name": review, "docstatus": 1, "signed_by": story.user("Recovery Manager")}]
	manager.open(f"/app/incident/{incident}")
	manager.see(".rc-story .rc-lines")
	picture(manager, "story-closed")
	return str(review)


def it_is_exported(story: Story, manager: Browser, review: str, folder: Path) -> None:
	"""As PDF and Markdown; both tell the same, in the order in which it happened."""
	pdf = folder / "review.pdf"
	pdf.write_bytes(fetched(manager, "review_as_pdf", review))
	assert pdf.read_bytes()[:5] == b"%PDF-"
	markdown = fetched(manager, "review_as_markdown", review).decode()
	told_whole(story, re.sub(r"\\(.)", r"\1", markdown))
	if shutil.which("pdftotext"):
		shown = subprocess.run(
			["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
		)
		told_whole(story, shown.stdout)
	if shutil.which("pdftoppm"):
		picture_of_page(pdf, folder)


def told_whole(story: Story, text: str) -> None:
	"""See that a review holds all: who, when, why, what was done, in order, with its signature."""
	plain = " ".join(text.split())
	for words in (OPERATOR, MANAGER, WORDS["root_cause"][:40], WORDS["lessons"][:40], TASK[:30]):
		assert words in plain, words
	lower = plain.lower()
	for clock in ("acknowledge", "mitigate", "resolve", "review"):
		assert clock in lower
	found = story.read()
	assert found["broken"] is None
	order = [event for event, _at, _actor, _detail in found["lines"]]
	wanted = [
		"Seen",
		"Escalated",
		"Breached",
		"Escalated",
		"Status",
		"Repaired",
		"Recovered",
		"Resolved",
		"Reviewed",
	]
	assert in_order(wanted, order), order
	# Changes of the site and mails stand where they were noticed, with the moments at which they happened.
	moments = [at(moment) for event, moment, _actor, _detail in found["lines"] if event in wanted]
	assert moments == sorted(moments), "the timeline goes back in time"
	timeline = plain[lower.rindex("timeline") :]
	said = ["No background worker is running", "Nobody acknowledged it", "Succeeded", "looked twice in a row"]
	places = [timeline.find(words) for words in said]
	assert -1 not in places, dict(zip(said, places, strict=True))
	assert places == sorted(places)


def it_is_counted(story: Story, before: list[int]) -> None:
	"""The figures have one incident more, and one more time that was not kept; the evidence is attached."""
	found = story.read()
	life = found["life"]
	assert all(life[moment] for moment in ("acknowledged", "mitigated", "resolved"))
	assert life["breached"] == ["acknowledge"]
	incidents, broken = story.site.python(FIGURES)
	assert incidents >= before[0] + 1
	assert broken >= before[1] + 1
	assert [row["is_private"] for row in found["files"] if row["file_name"].endswith(".zip")] == [1]
