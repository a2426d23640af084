"""Incidents read from outside, on every database, and put together with what is kept beside the site."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from recovery_console.core.incident_record import read_incident, read_incidents
from recovery_console.core.people import Actor
from recovery_console.core.render_incident import incident_as_markdown, incident_as_text, list_as_text
from recovery_console.core.site import open_site
from recovery_console.core.times import UTC
from recovery_console.rescue.incident_book import IncidentBook, Opening
from tests.support.console import install_console
from tests.support.sample import SampleSite

ACTOR = Actor("shell:frappe@host")


def filled(site: SampleSite) -> None:
	console = install_console(site)
	site.sql("DELETE FROM `tabIncident`")
	for name, severity, status in (
		("RC-INC-1", "S3", "Detected"),
		("RC-INC-2", "S1", "Acknowledged"),
		("RC-INC-3", "S2", "Closed"),
	):
		at = site.hours_ago(5)
		console.data.insert(
			"Incident",
			name=name,
			title=f"Title of {name} password=hunter2",
			status=status,
			severity=severity,
			check_id="email.stuck_sending",
			fingerprint=name,
			first_seen=at,
			creation=at,
			count=12,
		)
	for number, detail in enumerate(("It was seen.", "Somebody looks."), 1):
		console.data.insert(
			"Incident Event",
			incident="RC-INC-2",
			number=number,
			at=site.hours_ago(5 - number),
			moment=(site.bench.now - timedelta(hours=5 - number)).isoformat(),
			event="Note",
			actor="bob",
			detail=detail,
		)


def book(site: SampleSite) -> IncidentBook:
	return IncidentBook(lambda: open_site(site.bench.folder, site.name), ACTOR)


def test_open_incidents_are_read_on_every_database_the_gravest_first(any_site: SampleSite) -> None:
	filled(any_site)
	with open_site(any_site.bench.folder, any_site.name) as site:
		assert [record.name for record in read_incidents(site)] == ["RC-INC-2", "RC-INC-1"]
		assert len(read_incidents(site, everything=True)) == 3
		record = read_incident(site, "RC-INC-2")
		assert read_incident(site, "rc-inc-2") is None  # some databases find it
		assert read_incident(site, "RC-INC-9") is None
	assert record is not None
	assert [line.detail for line in record.timeline] == ["It was seen.", "Somebody looks."]
	expected = (any_site.bench.now - timedelta(hours=5)).replace(microsecond=0)
	assert abs(record.moments["first_seen"] - expected) < timedelta(seconds=2)
	assert "hunter2" not in str(record.as_dict())


def test_a_site_without_the_console_has_none(site: SampleSite) -> None:
	with open_site(site.bench.folder, site.name) as opened:
		assert read_incidents(opened) == []
		assert read_incident(opened, "RC-INC-1") is None


def test_what_is_beside_the_site_stands_among_its_incidents(site: SampleSite) -> None:
	filled(site)
	ours = book(site)
	name = ours.open(Opening("Nobody can print", "S2"))
	ours.note("RC-INC-1", "Called the vendor")
	ours.set_status("RC-INC-1", "Acknowledged", "")
	records, _zone = ours.listed()
	assert [record.name for record in records] == ["RC-INC-2", name, "RC-INC-1"]
	assert records[2].status.value == "Acknowledged"
	record, _zone = ours.read("RC-INC-1")
	assert [line.detail for line in record.timeline] == ["Called the vendor", "Acknowledged"]
	assert all(line.beside for line in record.timeline)
	assert ours.adopt() == []
	assert "2 incidents beside the site wait" in ours.notes[-1]


def test_it_reads_well(site: SampleSite) -> None:
	filled(site)
	record, _zone = book(site).read("RC-INC-2")
	now = site.bench.now
	text = incident_as_text(record, now, timezone(timedelta(hours=1), "CET"), colour=False)
	assert text.splitlines()[:2] == ["S1  RC-INC-2  Acknowledged", "Title of RC-INC-2 password=[redacted]"]
	assert "CET, 5 h ago" in text
	assert "bob: Somebody looks." in text
	markdown = incident_as_markdown(record, now, UTC)
	assert "| Note | Somebody looks. | bob |" in markdown
	assert "hunter2" not in text + markdown
	coloured = list_as_text([record], now, colour=True, width=60)
	assert "\033[31;1mS1\033[0m" in coloured
	assert list_as_text([], now, colour=False) == ""


def test_a_time_that_is_past_is_called_late(site: SampleSite) -> None:
	filled(site)
	record, _zone = book(site).read("RC-INC-1")

	now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
	moments = {
		**record.moments,
		"acknowledge_due": now - timedelta(hours=3),
		"mitigate_due": now + timedelta(hours=4),
	}
	text = incident_as_text(replace(record, moments=moments), now, UTC, colour=False)
	assert "acknowledge by 2026-11-22 07:00 UTC: LATE by 3 h" in text
	assert "mitigate by 2026-11-22 14:00 UTC, in 4 h" in text
