"""What somebody gets who is called, and what a vendor gets: filled in, readable, and without what must not leave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from recovery_console.core.escalation_packet import (
	FIELDS,
	NONE_YET,
	NOT_KNOWN,
	Packet,
	gather,
	packet_as_text,
	vendor_letter,
)
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.incident_record import Happened, Record, read_incident
from recovery_console.core.site import open_site
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from tests.support.console import Console, install_console
from tests.support.sample import SampleSite

NAME = "RC-INC-2026-00099"
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
IMPACT = {
	"version": 1,
	"sentence": "12 users cannot log in.",
	"everybody": False,
	"groups": [{"kind": "users", "doctype": "User", "count": 12, "exact": True}],
	"unknown": [],
}


@pytest.fixture
def console(site: SampleSite) -> Console:
	return install_console(site)


def incident(console: Console, **values: Any) -> str:
	"""An incident with a finding and an impact on a sample site."""
	console.incident(
		NAME,
		"Restarted nginx, it did not help",
		title="Nobody can log in",
		severity="S1",
		category="Vendor",
		cause="The proxy answers 502.",
		description="Seen by jan.jansen@example.org",
		business_impact="Members cannot pay their fees.",
		impact=json.dumps(IMPACT),
		**values,
	)
	console.data.insert(
		"Incident Finding",
		parent=NAME,
		parenttype="Incident",
		parentfield="findings",
		idx=1,
		finding="The proxy answers 502",
		count=3,
		evidence=json.dumps({"message": "upstream prematurely closed", "code": 502, "empty": ""}),
	)
	return NAME


def packet_of(site: SampleSite, **values: Any) -> Packet:
	with open_site(site.bench.folder, site.name, clock=lambda: site.bench.now) as opened:
		record = read_incident(opened, NAME)
		assert record is not None
		return gather(opened, replace(record, **values), opened.now(), UTC)


def test_all_seven_fields_are_filled_in(site: SampleSite, console: Console) -> None:
	incident(console)
	console.snapshot(
		site.hours_ago(0), status="Critical", families=json.dumps({"jobs": "critical", "email": "ok"})
	)
	packet = packet_of(site)
	assert packet.description[:2] == ("Nobody can log in", "The proxy answers 502.")
	assert packet.errors == (
		"The proxy answers 502 (3)",
		"  message: upstream prematurely closed",
		"  code: 502",
	)
	assert packet.users == ("12 users",)
	assert packet.timeline[1].startswith("Lasting 60 min")
	assert "Restarted nginx" in packet.timeline[2]
	assert "Restarted nginx" in packet.steps[0]
	assert packet.state[0].startswith(f"Frappe {site.frappe}.")
	assert packet.state[-1] == "Not well: jobs critical"
	assert packet.business == ("Members cannot pay their fees.", "12 users cannot log in.")
	text = packet_as_text(packet)
	assert [f"{number}. {label}" in text for number, label in enumerate(FIELDS.values(), 1)] == [True] * 7


def test_nobodys_address_and_no_secret_leaves_the_site(site: SampleSite, console: Console) -> None:
	incident(console)
	told = Happened(
		NOW, EventKind.NOTE.value, "password=hunter22secret NL91ABNA0417164300", "anna@example.org"
	)
	packet = packet_of(site, timeline=(told,))
	for text in (packet_as_text(packet), vendor_letter(packet).body, json.dumps(packet.as_dict())):
		assert "@example.org" in text
		for secret in ("jan.jansen", "anna@", "hunter22secret", "0417164300"):
			assert secret not in text


def test_a_letter_says_first_what_a_vendor_asks_first(site: SampleSite, console: Console) -> None:
	incident(console)
	letter = vendor_letter(packet_of(site), "Olga, +31 20 5550100")
	assert letter.subject == f"S1 {site.name}: Nobody can log in ({NAME})"
	order = [
		"We need your help at once",
		"What is wrong",
		"Exact texts and numbers",
		"Since when",
		"Who is affected",
		"What we have done so far",
		"Our system",
		"Please tell us",
		"Olga, +31 20 5550100",
	]
	places = [letter.body.index(text) for text in order]
	assert places == sorted(places)
	assert f"https://{site.name}" in letter.body


def test_each_severity_asks_in_its_own_words() -> None:
	asked = {vendor_letter(bare(severity)).body.splitlines()[2] for severity in ("S1", "S2", "S3", "S4")}
	assert len(asked) == 4


def test_what_nobody_knows_is_said_to_colleagues_and_left_out_of_letters() -> None:
	packet = bare("S2")
	assert packet_as_text(packet).count(NOT_KNOWN) == 4
	assert NONE_YET in packet_as_text(packet)
	body = vendor_letter(packet).body
	assert NOT_KNOWN not in body
	assert "Who is affected" not in body


def bare(severity: str) -> Packet:
	nothing = (NOT_KNOWN,)
	return Packet(
		"RC-INC-1", "a.example.org", "https://a.example.org", "It is slow", severity, "Technical", "Detected",
		("It is slow",), nothing, nothing, nothing, (NONE_YET,), ("Frappe 15",), nothing,
	)  # fmt: skip


def test_without_a_database_it_says_what_could_not_be_read(site: SampleSite) -> None:
	record = Record(
		"BG-1",
		IncidentStatus.DETECTED,
		{"title": "Down", "severity": "S1", "description": "Error 1045"},
		{"first_seen": NOW},
	)
	site.set_config(db_name="gone")
	with open_site(site.bench.folder, site.name) as opened:
		packet = gather(opened, record, NOW + timedelta(hours=3), UTC)
	assert packet.errors[0].startswith("It could not be read: ")
	assert packet.users[0].startswith("It could not be read: ")
	assert packet.timeline == ("Began 2026-11-22 12:00 UTC.", "Lasting 3 h so far.")
	assert "Error 1045" in packet.description


def test_a_long_timeline_keeps_its_beginning_and_its_end(site: SampleSite, console: Console) -> None:
	incident(console)
	lines = tuple(
		Happened(NOW + number * timedelta(minutes=1), "Seen", f"line {number}") for number in range(60)
	)
	late = (*lines[1:], lines[0], Happened(NOW, EventKind.NOTIFIED.value, "a mail"))
	told = packet_of(site, timeline=late).timeline[2:]
	assert len(told) == 3 + 1 + 22
	assert told[0].endswith("line 0")
	assert told[3] == "… 35 lines left out …"
	assert told[-1].endswith("line 59")


def test_everybody_is_everybody_and_more_than_counted_is_said(site: SampleSite, console: Console) -> None:
	incident(console)
	for stored, expected in (
		({**IMPACT, "everybody": True}, ("Everybody who works with the site.",)),
		(
			{"groups": [{"kind": "users", "count": 40, "exact": False}, {"kind": "mails", "count": 2}]},
			("At least 40 users",),
		),
		({}, (NOT_KNOWN,)),
		("{broken", (NOT_KNOWN,)),
	):
		text = stored if isinstance(stored, str) else json.dumps(stored)
		site.sql("UPDATE `tabIncident` SET `impact` = %s", [text])
		assert packet_of(site).users == expected
