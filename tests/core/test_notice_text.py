"""What notices say, and that nothing in them leaks or is taken for markup."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.digest import Entry, Facts, digest_message
from recovery_console.core.notice_text import (
	LONGEST_CHAT,
	About,
	Held,
	Item,
	as_chat,
	as_html,
	as_slack,
	as_text,
	collected_message,
	incident_message,
	message_from,
	plain_message,
	subject_of,
)
from recovery_console.core.notice_times import Period
from recovery_console.core.notices import Kind
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ABOUT = About(
	"RC-INC-2026-00012",
	"12 emails are stuck in Sending",
	"S2 High",
	"erp.example.org",
	"https://erp.example.org/app/incident/RC-INC-2026-00012",
	cause="The worker that was sending them ended.",
	remedy="Run the runbook release-stuck-emails.",
	count=12,
	opened=NOW,
)
NASTY = About(
	"I1",
	"<script>alert(1)</script> & 'quoted' \"twice\"",
	"S1 Critical",
	"erp.example.org",
	'https://x/"onmouseover="alert(1)',
	cause="password=hunter2 for anna.bakker@example.org, IBAN NL91ABNA0417164300",
	remedy="postgres://root:toor@db/erp",
)
SECRETS = ("hunter2", "anna.bakker@", "NL91ABNA0417164300", "toor")


def test_a_notice_says_what_why_and_what_to_do() -> None:
	assert as_text(incident_message(Kind.OPENED, ABOUT, "Seen in two looks of three.", NOW, AMSTERDAM)) == (
		"Opened: a problem was found. Seen in two looks of three.\n\n"
		"S2 High · erp.example.org · RC-INC-2026-00012 · 2026-11-22 10:31 CET\n\n"
		"What:\n  12 emails are stuck in Sending\n  Affected: 12.\n\n"
		"Why:\n  The worker that was sending them ended.\n\n"
		"What to do:\n  Run the runbook release-stuck-emails.\n\n"
		"https://erp.example.org/app/incident/RC-INC-2026-00012"
	)


def test_the_end_says_how_long_it_lasted_and_what_to_do_no_more() -> None:
	over = About(**{**ABOUT.__dict__, "ended": NOW + timedelta(hours=3)})
	text = as_text(incident_message(Kind.RESOLVED, over, "", NOW + timedelta(hours=3), UTC))
	assert text.startswith("Resolved: the problem is gone. It lasted 3 h.")
	assert "What to do" not in text


def test_every_kind_about_an_incident_can_be_told() -> None:
	for kind in Kind:
		if kind not in (Kind.DIGEST, Kind.COLLECTED):
			assert incident_message(kind, ABOUT, "", NOW, UTC).lead


def test_a_storm_is_one_notice_that_says_how_many_are_beneath() -> None:
	storm = About(**{**ABOUT.__dict__, "beneath": 499})
	assert "not told one by one: 499" in as_text(incident_message(Kind.OPENED, storm, "", NOW, UTC))


def test_the_subject_stays_the_same_while_the_incident_changes() -> None:
	opened, resolved = (
		incident_message(kind, ABOUT, "", NOW, UTC).subject for kind in (Kind.OPENED, Kind.RESOLVED)
	)
	assert opened == resolved == subject_of(ABOUT)
	assert opened == "S2: 12 emails are stuck in Sending (erp.example.org, RC-INC-2026-00012)"


@pytest.mark.parametrize("form", [as_text, as_html, as_chat, as_slack])
def test_nothing_leaks_in_any_form(form: object) -> None:
	message = incident_message(Kind.OPENED, NASTY, "token=abcdef0123456789abcdef", NOW, UTC)
	message = message.with_notes("It failed: Authorization: Bearer abcdef0123456789")
	shown = form(message) + json.dumps(message.as_dict())  # type: ignore[operator]
	assert [secret for secret in (*SECRETS, "abcdef0123456789") if secret in shown] == []


def test_a_mail_takes_nothing_for_markup() -> None:
	shown = as_html(incident_message(Kind.OPENED, NASTY, "<b>bold</b>", NOW, UTC).with_notes("<i>note</i>"))
	for tag in ("<script", "<b>", "<i>", '"onmouseover="alert'):
		assert tag not in shown
	assert "&lt;script&gt;" in shown


def test_slack_takes_nothing_for_a_mention() -> None:
	loud = About(**{**ABOUT.__dict__, "title": "<!channel> & <@U1>"})
	shown = as_slack(incident_message(Kind.OPENED, loud, "", NOW, UTC))
	assert "<" not in shown
	assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in shown


def test_a_chat_gets_the_subject_the_link_and_the_notes_whatever_must_go() -> None:
	long = About(**{**ABOUT.__dict__, "cause": "x " * 10_000, "remedy": "y " * 10_000})
	message = incident_message(Kind.OPENED, long, "z " * 10_000, NOW, UTC).with_notes(
		"It comes this way, too."
	)
	shown = as_chat(message, 1500)
	assert len(shown) <= 1500
	assert shown.startswith("S2: 12 emails")
	assert shown.endswith("It comes this way, too.")
	assert ABOUT.link in shown
	assert (
		len(as_chat(collected_message([Held("Opened", "x" * 300, NOW, "l" * 300)] * 500, "s", UTC)))
		<= LONGEST_CHAT
	)


def test_a_stored_message_comes_back_as_it_was() -> None:
	message = incident_message(Kind.WORSE, NASTY, "It was S3.", NOW, UTC).with_notes("one", "", "two")
	assert message_from(json.loads(json.dumps(message.as_dict()))) == message
	assert message.notes == ("one", "two")


def test_what_is_about_no_incident_is_told_too() -> None:
	duty = plain_message(Kind.DUTY_DUE, "erp.example.org", "Look at the backups")
	assert duty.subject == "Duty Due: Look at the backups (erp.example.org)"
	assert "Nothing is wrong" in plain_message(Kind.TEST, "erp.example.org", "").lead


def test_held_notices_are_told_in_one_in_their_order_and_counted_beyond() -> None:
	held = [Held("Opened", f"Problem {n}", NOW + timedelta(minutes=n), f"https://x/{n}") for n in (3, 1, 2)]
	message = collected_message(held, "erp.example.org", AMSTERDAM, most=2)
	assert message.subject == "3 notices in one (erp.example.org)"
	assert [item.text for item in message.sections[0].items] == [
		"2026-11-22 10:32 CET · Opened · Problem 1",
		"2026-11-22 10:33 CET · Opened · Problem 2",
		"And 1 more: the list of notices has them.",
	]


def entry(
	name: str, severity: str, *, resolved: float | None = None, acknowledged: float | None = None
) -> Entry:
	def at(hours: float | None) -> datetime | None:
		return NOW - timedelta(hours=20) + timedelta(hours=hours) if hours is not None else None

	status = "Resolved" if resolved is not None else "Detected"
	return Entry(
		name, f"Problem {name}", severity, status, NOW - timedelta(hours=20), at(acknowledged), at(resolved)
	)


PERIOD = Period("Daily", NOW - timedelta(days=1), NOW)


def test_a_digest_shows_what_is_open_first_the_worst_on_top_and_counts() -> None:
	over, quick = entry("I3", "S2", resolved=6, acknowledged=2), entry("I4", "S2", resolved=4, acknowledged=1)
	facts = Facts(
		opened=[entry("I1", "S3"), entry("I2", "S1"), over, quick],
		resolved=[over, quick],
		still_open=[entry("I1", "S3"), entry("I2", "S1")],
		late=[Item("I2: not acknowledged in time", "https://x/I2")],
		duties=[Item("Look at the backups: Overdue")],
		snapshots=24,
		not_told=1,
	)
	message = digest_message(PERIOD, facts, "erp.example.org", UTC, NOW)
	assert message.subject == "Daily digest: erp.example.org, 2026-11-22"
	assert message.lead == "Opened: 4. Resolved: 2. Open now: 2. Late: 1."
	assert [section.heading for section in message.sections] == [
		"Open now",
		"Opened",
		"Resolved",
		"Late",
		"Duties",
		"Figures",
	]
	assert [item.text for item in message.sections[0].items] == [
		"S1: Problem I2 (I2), Detected, open for 20 h",
		"S3: Problem I1 (I1), Detected, open for 20 h",
	]
	assert message.sections[2].items[0].text == "S2: Problem I3 (I3), lasted 6 h"
	assert [item.text for item in message.sections[5].items] == [
		"Opened by severity: S1: 1, S2: 2, S3: 1.",
		"Acknowledged after 90 min (median).",
		"Resolved after 5 h (median).",
		"Snapshots taken: 24.",
		"Notices that could not be sent: 1.",
	]


def test_a_quiet_week_is_a_short_digest() -> None:
	message = digest_message(
		Period("Weekly", NOW - timedelta(days=7), NOW), Facts(snapshots=168), "erp", UTC, NOW
	)
	assert message.subject == "Weekly digest: erp, 2026-11-22"
	assert [section.heading for section in message.sections] == ["Figures"]
	assert message.colour == "good"


def test_a_digest_of_a_storm_stays_short() -> None:
	facts = Facts(opened=[entry(f"I{n}", "S3") for n in range(500)])
	message = digest_message(PERIOD, facts, "erp", UTC, NOW)
	assert [len(section.items) for section in message.sections] == [16, 2]
	assert message.sections[0].items[-1].text == "And 485 more."
