"""The card with whom to call: everything that somebody needs at three in the morning, on one page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.contacts import Contact
from recovery_console.core.contacts_card import Card, card_as_html, card_as_text, card_path, read_card
from recovery_console.core.errors import NotFoundError, OutputError
from recovery_console.core.response import policy_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CARD = Card(
	site="erp.example.org",
	url="https://erp.example.org",
	bench="/home/frappe/frappe-bench",
	written=datetime(2026, 7, 22, 10, tzinfo=timezone.utc),
	zone=AMSTERDAM,
	contacts=[
		Contact("Olga Operator", 1, phone="+31 20 5550100", email="olga@example.org", hours="always"),
		Contact("Sam <b>Security</b>", 2, "Security", phone="+31 20 5550102"),
		Contact("The vendor", 4, "Vendor", link="https://support.example.com/help?a=1&b=2"),
	],
	managers=[Contact("Mara Manager", user="mara@example.org", email="mara@example.org")],
	policy=policy_of({}, AMSTERDAM),
)


def test_everybody_is_on_it_with_every_way_to_reach_them() -> None:
	for text in (card_as_text(CARD), card_as_html(CARD)):
		for said in (
			"Olga Operator",
			"+31 20 5550100",
			"olga@example.org",
			"always",
			"The vendor",
			"erp.example.org",
		):
			assert said in text
		assert "2026-07-22 12:00 CEST" in text


def test_where_nobody_is_listed_the_managers_stand() -> None:
	lines = card_as_text(CARD).splitlines()
	place = lines.index("E3  Management")
	assert "Nobody is listed" in lines[place + 1]
	assert "Mara Manager" in lines[place + 2]
	assert card_as_text(CARD).count("Mara Manager") == card_as_html(CARD).count("Mara Manager") == 1


def test_it_says_how_fast_and_who_is_called_when() -> None:
	text = card_as_text(CARD)
	assert "E1 at once, E2 after 15 min, E3 after 30 min, E4 after 60 min" in text
	assert "E1 after 4 h wh" in text
	assert "Mon, Tue, Wed, Thu, Fri from 09:00 to 17:00" in text
	own = {"escalation": [{"severity": "S4", "tier": "E2", "after": "2 days"}]}
	assert "E2 after 2 days" in card_as_text(replace(CARD, policy=policy_of(own, AMSTERDAM)))


def test_it_names_the_commands_that_work_without_the_site() -> None:
	begin = "recovery-console --bench /home/frappe/frappe-bench --site erp.example.org"
	for text in (card_as_text(CARD), card_as_html(CARD)):
		for command in ("diagnose", "list runbooks", "incident open"):
			assert f"{begin} {command}" in text


def test_text_fits_on_paper() -> None:
	assert max(len(line) for line in card_as_text(CARD).splitlines()) <= 110
	assert len(card_as_text(CARD).splitlines()) <= 60


def test_the_page_is_whole_and_shows_names_as_they_are() -> None:
	page = card_as_html(CARD)
	assert "Sam &lt;b&gt;Security&lt;/b&gt;" in page
	assert "Sam <b>" not in page
	assert "a=1&amp;b=2" in page
	tags = Tags()
	tags.feed(page)
	assert tags.open == []
	assert not tags.loads, "it must be readable without a network"


class Tags(HTMLParser):
	"""Finds tags that are not closed, and what a page loads."""

	def __init__(self) -> None:
		super().__init__()
		self.open: list[str] = []
		self.loads: list[str] = []

	def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
		if tag not in ("meta", "br"):
			self.open.append(tag)
		self.loads += [name for name, _value in attrs if name == "src"]
		if tag in ("script", "link", "img", "iframe"):
			self.loads.append(tag)

	def handle_endtag(self, tag: str) -> None:
		assert self.open.pop() == tag


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
	for form in ("text", "html"):
		path = card_path(tmp_path, form)
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text(form)
		assert read_card(tmp_path, form) == form


def test_where_there_is_none_it_says_how_to_get_one(tmp_path: Path) -> None:
	with pytest.raises(NotFoundError, match="no contacts card") as missing:
		read_card(tmp_path, "text")
	assert "bench migrate" in missing.value.remedy
	card_path(tmp_path, "text").mkdir(parents=True)
	with pytest.raises(OutputError, match="cannot be read"):
		read_card(tmp_path, "text")
