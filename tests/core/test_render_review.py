"""A review as a page and as Markdown: whole, escaped, without secrets, in the site's time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.render_review import (
	MOST_IN_SHORT,
	Page,
	as_document,
	as_html,
	as_markdown,
	escape_markdown,
)
from recovery_console.core.review import MOMENTS, SIGNED_TEXTS, Clock, Signature
from recovery_console.core.timeline import EventKind, Line

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NASTY = "<script>alert(1)</script> | # [x](javascript:1) `code` *bold*\n# A heading\n- item\n1. first"
SECRET = "password=Tr0ub4dor&3-horse IBAN NL91ABNA0417164300 of anna.de.vries@example.org"


def at(hours: float) -> datetime:
	return T0 + timedelta(hours=hours)


def page(text: str = "Said.", **values: Any) -> Page:
	incident = {
		"name": "RC-INC-2026-00001",
		"title": text,
		"severity": "S1",
		"category": "Technical",
		"source": "Diagnosis",
		"check": "jobs.workers",
		"cause": text,
		"count": 3,
	}
	run = {
		"name": "run-1",
		"title": text,
		"runbook": "start-workers",
		"state": "Succeeded",
		"said": text,
		"requested_by": "anna@example.org",
		"approved_by": None,
		"made": 4,
	}
	check = {"id": "jobs.workers", "title": "Workers", "status": "ok", "reason": "", "findings": [text]}
	facts = {
		"incident": incident,
		"findings": [{"title": text, "severity": "critical", "count": 3}],
		"runs": [run],
		"impact": {"sentence": text, "groups": [], "unknown": []},
		"checks_now": {"at": at(5).isoformat(), "checks": [check]},
		"earlier": [{"review": "RC-REV-2026-00007", "signed_on": at(-999).isoformat(), "lessons": text}],
		"proposals": [],
	}
	item = {
		"action": text,
		"kind": "Prevention",
		"owner": "Bea",
		"due": "2026-11-20",
		"state": "Open",
		"done_on": None,
		"note": text,
	}
	found: dict[str, Any] = {
		"name": "RC-REV-2026-00009",
		"site": "erp.example.org",
		"facts": facts,
		"texts": dict.fromkeys(SIGNED_TEXTS, text),
		"moments": dict.fromkeys(MOMENTS, at(1)),
		"clocks": [
			Clock("acknowledge", at(0.25), at(0.2), None, at(0)),
			Clock("mitigate", at(4), at(6), at(4), at(0)),
			Clock("resolve", None, None, None, at(0)),
			Clock("review", at(99), None, None, at(6)),
		],
		"lines": [
			Line(1, at(0), "Seen", text, seal="a" * 64),
			Line(2, at(1), "Note", text, "anna@example.org"),
		],
		"items": [item],
		"due": at(99),
		"signature": None,
		"changes": [],
		"zone": AMSTERDAM,
		"now": at(7),
		"people": {"anna@example.org": "Anna de Vries"},
	}
	return Page(**{**found, **values})


class _Tags(HTMLParser):
	def __init__(self) -> None:
		super().__init__()
		self.open: list[str] = []
		self.seen: set[str] = set()

	def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		self.seen.add(tag)
		if tag not in ("meta", "br"):
			self.open.append(tag)

	def handle_endtag(self, tag: str) -> None:
		assert self.open.pop() == tag


SIGNATURE = Signature("anna@example.org", at(6.5), "d" * 64, 2, "5" * 64)


@pytest.mark.parametrize("signature", [None, SIGNATURE])
@pytest.mark.parametrize("changes", [(), ("The review does not read as it was signed.",)])
def test_the_page_is_whole_and_nothing_in_it_is_alive(
	signature: Signature | None, changes: tuple[str]
) -> None:
	tags = _Tags()
	tags.feed(as_document(page(NASTY, signature=signature, changes=changes)))
	assert tags.open == []
	assert not tags.seen & {"script", "iframe", "img", "a", "link"}


def test_nothing_secret_leaves_the_site_with_a_review() -> None:
	for shown in (as_html(page(SECRET)), as_markdown(page(SECRET))):
		assert "Tr0ub4dor" not in shown
		assert "0417164300" not in shown.replace(" ", "")
		assert "anna.de.vries" not in shown
	assert "Anna de Vries" in as_html(page(SECRET, signature=SIGNATURE))  # who signed is no secret


def test_markdown_stays_what_it_is_whatever_people_write() -> None:
	text = as_markdown(page(NASTY, signature=SIGNATURE))
	headings = [line for line in text.splitlines() if line.startswith("#")]
	assert "# A heading" not in headings
	assert headings[0].startswith("# Incident Review: ")
	assert len([line for line in headings if line.startswith("# ")]) == 1
	assert not re.search(r"(?<!\\)<script", text)
	assert not re.search(r"(?<!\\)\]\(javascript", text)
	tables = [line for line in text.splitlines() if line.startswith("|")]
	widths = [len(re.findall(r"(?<!\\)\|", line)) for line in tables]
	assert set(widths) <= {3, 4, 5, 6, 7}
	for line, following in pairwise(tables):
		if set(following) <= set("|-"):
			assert line.count("|") == following.count("|"), "the cells of a table's head and rule agree"


def test_a_text_for_markdown_keeps_its_words() -> None:
	assert escape_markdown("a_b *c* <d>") == r"a\_b \*c\* \<d\>"
	assert escape_markdown("1. one\n- two\n= three") == "1\\. one\n\\- two\n\\= three"
	assert escape_markdown("2026-11-22 it was") == "2026-11-22 it was"


def test_times_are_shown_in_the_sites_zone_on_both_sides_of_a_clock_change() -> None:
	summer = datetime(2026, 10, 24, 12, 0, tzinfo=timezone.utc)
	winter = datetime(2026, 10, 26, 12, 0, tzinfo=timezone.utc)
	shown = as_html(page(moments={**dict.fromkeys(MOMENTS), "detected": summer, "restored": winter}))
	assert "2026-10-24 14:00" in shown
	assert "2026-10-26 13:00" in shown
	assert "Europe/Amsterdam" in shown


def test_the_four_times_say_what_was_kept() -> None:
	results = re.findall(r'class="rc-(?:good|bad|soft)">([^<]*)</td></tr>', as_html(page()))
	assert results[:4] == ["Kept", "2 h late", "No target", "Still open"]


def test_a_time_that_is_late_and_open_says_both() -> None:
	clocks = [Clock("resolve", at(1), None, at(1), at(0))]
	assert "6 h late and still open" in as_html(page(clocks=clocks))
	after = [Clock("resolve", at(9), at(8), at(7), at(0))]  # paused meanwhile, and late before that
	assert "Not kept" in as_html(page(clocks=after))


def test_a_draft_and_a_broken_signature_cannot_be_mistaken_for_a_signed_review() -> None:
	assert "Draft, not signed" in as_html(page())
	assert "Draft, not signed" in as_markdown(page())
	signed = page(signature=SIGNATURE)
	assert "Draft" not in as_html(signed)
	assert "Signed by Anna de Vries on 2026-11-22 16:30:00 (15:30:00 UTC)." in as_html(signed)
	assert "d" * 64 in as_html(signed)
	broken = page(signature=SIGNATURE, changes=["The review does not read as it was signed."])
	for shown in (as_html(broken), as_markdown(broken)):
		assert "no longer what was signed" in shown
		assert "everything reads as it was signed" not in shown


def test_what_was_not_said_is_said_to_be_missing() -> None:
	empty = page(texts=dict.fromkeys(SIGNED_TEXTS, ""), items=[])
	assert as_html(empty).count("Nothing was written.") == 7
	assert "None was agreed on." in as_html(empty)
	facts = {**page().facts, "checks_now": None, "runs": [], "findings": [], "earlier": [], "impact": None}
	assert "They were not asked again." in as_html(page(facts=facts))
	gone = {**facts, "checks_now": {"at": at(1).isoformat(), "checks": []}}
	assert "No check watches this problem." in as_html(page(facts=gone))


def test_a_long_story_is_told_by_its_beginning_and_its_end() -> None:
	lines = [Line(n, at(n), EventKind.NOTE.value, f"note {n}") for n in range(1, 101)]
	text = as_markdown(page(lines=lines))
	short = text.split("happened, in short")[1].split("## Impact")[0]
	assert short.count("note ") == MOST_IN_SHORT
	assert "note 1\n" in short.replace(" \n", "\n")
	assert "note 100" in short
	assert text.count("| note ") == 100


def test_an_overdue_action_item_is_marked() -> None:
	assert "rc-bad" in as_html(page()).split("Action items")[1].split("Signature")[0]
	done = {**page().items[0], "state": "Done", "done_on": at(1)}
	assert "rc-bad" not in as_html(page(items=[done])).split("Action items")[1].split("Signature")[0]


def test_lines_after_the_signature_are_set_apart() -> None:
	signed = page(signature=replace(SIGNATURE, lines=1))
	rows = as_html(signed).split("The whole timeline")[1]
	assert rows.count('<tr class="rc-soft">') == 1
