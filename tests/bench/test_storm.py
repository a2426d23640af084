"""A storm on a real bench: 500 findings, for an hour, while its processes reach neither Redis nor the mail server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.bench.benches import BenchSite

#: Nothing listens there.
NOWHERE = "redis://127.0.0.1:9"
CHECKS = ("storm.redis", "storm.mail", "storm.jobs", "storm.rows")
CHANNELS = ("Storm by mail", "Storm on Desk")
PREPARE = """
for name, kind, fallback in (("Storm by mail", "E-mail", 0), ("Storm on Desk", "Desk", 1)):
	doc = frappe.new_doc("Recovery Channel")
	doc.update({"kind": kind, "address": "ops@example.org" if kind == "E-mail" else "Administrator",
		"enabled": 1, "is_fallback": fallback, "ignores_quiet_hours": 1})
	doc.insert(set_name=name)
frappe.db.commit()
"""
#: Looks as often as the first argument says, twenty minutes apart, and delivers after each look. Mail goes nowhere.
LOOK = """
from datetime import datetime, timedelta
from recovery_console.in_site import incidents, notices
frappe.conf.update({"mail_server": "127.0.0.1", "mail_port": 9, "auto_email_id": "console@example.org", "mute_emails": 0,
	"disable_mail_smtp_authentication": 1})
begun, minutes, found = datetime.fromisoformat(args[0]), json.loads(args[1]), json.loads(args[2])
settings = frappe.get_doc("Recovery Settings")
settings.update({"confirm_looks": 1, "confirm_of": 1})
try:
	frappe.cache.ping()
	redis = "answers"
except Exception as error:
	redis = type(error).__name__
for minute in minutes:
	at = begun + timedelta(minutes=minute)
	checks = [{"id": check, "family": "storm", "status": "ok", "findings":
		[each for each in found if each["fingerprint"].partition(":")[0] == check]} for check in json.loads(args[3])]
	incidents.follow({"started": at.isoformat(), "checks": checks}, "", settings=settings)
	frappe.db.commit()
	notices.deliver(at)
print(json.dumps(redis))
"""
STORY = """
from recovery_console.core.timeline import first_broken
from recovery_console.in_site import timeline
rows = frappe.get_all("Incident", {"check_id": ("in", args)}, ["name", "fingerprint", "parent_incident", "status",
	"occurrences"], limit_page_length=0)
names = [row.name for row in rows]
print(json.dumps({
	"incidents": rows,
	"findings": frappe.get_all("Incident Finding", {"parent": ("in", names)}, pluck="fingerprint", limit_page_length=0),
	"notices": frappe.get_all("Recovery Notice", {"incident": ("in", names)},
		["incident", "kind", "state", "channel", "channel_kind"], limit_page_length=0),
	"broken": [name for name in names[:20] if first_broken(name, timeline.read(name))],
}))
"""
FORGET = """
checks, channels = json.loads(args[0]), json.loads(args[1])
frappe.db.rollback()
names = frappe.get_all("Incident", {"check_id": ("in", checks)}, pluck="name", limit_page_length=0)
frappe.db.delete("Recovery Notice", {"incident": ("in", names or [""])})
frappe.db.delete("Incident Event", {"incident": ("in", names or [""])})
frappe.db.delete("Incident Finding", {"parent": ("in", names or [""])})
frappe.db.delete("Incident", {"name": ("in", names or [""])})
frappe.db.delete("Notification Log", {"document_type": "Incident", "document_name": ("in", names or [""])})
frappe.db.delete("Recovery Channel", {"name": ("in", channels)})
frappe.db.commit()
"""


def finding(fingerprint: str, severity: str = "warning", caused_by: str = "") -> dict[str, Any]:
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": f"{fingerprint} is wrong",
		"cause": "why",
		"remedy": "what to do",
		"count": 1,
		"subjects": [],
		"evidence": {},
		"caused_by": [caused_by] if caused_by else [],
	}


FINDINGS = [
	finding("storm.redis", "critical"),
	finding("storm.mail", "critical"),
	*(finding(f"storm.jobs:{number}", "critical", "storm.redis") for number in range(398)),
	*(finding(f"storm.rows:{number}") for number in range(100)),
]


@pytest.fixture
def stormy(installed: BenchSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[BenchSite]:
	"""A site with two channels whose processes do not reach Redis."""
	given = (json.dumps(CHECKS), json.dumps(CHANNELS))
	installed.python(FORGET, *given)
	installed.python(PREPARE)
	with monkeypatch.context() as patched:
		for name in ("FRAPPE_REDIS_CACHE", "FRAPPE_REDIS_QUEUE"):
			patched.setenv(name, NOWHERE)
		yield installed
	installed.python(FORGET, *given)


def look(site: BenchSite, minutes: list[int], findings: list[dict[str, Any]]) -> str:
	begun = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=4)
	return str(
		site.python(LOOK, begun.isoformat(), json.dumps(minutes), json.dumps(findings), json.dumps(CHECKS))
	)


def test_five_hundred_findings_are_one_tree_that_is_told_once_and_nothing_is_lost(stormy: BenchSite) -> None:
	assert len(FINDINGS) == 500
	assert look(stormy, [0, 20, 40, 60], FINDINGS) == "ConnectionError"
	story = stormy.python(STORY, *CHECKS)

	[top] = [row for row in story["incidents"] if not row["parent_incident"]]
	assert top["fingerprint"] == "storm.redis"
	assert {row["parent_incident"] for row in story["incidents"]} == {None, top["name"]} or {
		row["parent_incident"] for row in story["incidents"]
	} == {"", top["name"]}
	assert len(story["incidents"]) == 102
	assert {row["occurrences"] for row in story["incidents"]} == {4}
	assert {each["fingerprint"] for each in FINDINGS} == set(story["findings"])
	assert story["broken"] == []

	assert {(row["incident"], row["kind"]) for row in story["notices"]} == {(top["name"], "Opened")}
	by_mail = [row for row in story["notices"] if row["channel"] == CHANNELS[0]]
	assert len(by_mail) == 1
	assert by_mail[0]["state"] != "Sent"
	on_desk = [row for row in story["notices"] if row["channel"] == CHANNELS[1]]
	assert [row["state"] for row in on_desk] == ["Sent"]  # mail is what is broken: the other channel is used

	look(stormy, [120, 180], [])
	story = stormy.python(STORY, *CHECKS)
	assert {row["status"] for row in story["incidents"]} == {"Resolved"}
	assert {row["incident"] for row in story["notices"]} == {top["name"]}
