"""What a webhook receives, and how it knows that it is genuine."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from recovery_console.core import webhook
from recovery_console.core.notice_text import About, incident_message
from recovery_console.core.notices import Kind
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECRET = "a secret of sixteen"
ABOUT = About(
	"RC-INC-1",
	"Mail is stuck",
	"S2 High",
	"erp.example.org",
	"https://erp/app/incident/1",
	opened=NOW,
	count=12,
)


def test_the_signature_is_what_the_guide_says() -> None:
	body = b'{"version":1}'
	sent = webhook.headers(SECRET, "n1", 3, body, NOW)
	expected = hmac.new(SECRET.encode(), b"1795341600." + body, hashlib.sha256).hexdigest()
	assert sent["X-Recovery-Timestamp"] == "1795341600"
	assert sent["X-Recovery-Signature"] == f"v1={expected}"
	assert (sent["X-Recovery-Notice"], sent["X-Recovery-Attempt"]) == ("n1", "3")


def test_a_receiver_tells_ours_from_another_and_new_from_old() -> None:
	body = '{"text":"Störung"}'.encode()
	sent = webhook.headers(SECRET, "n1", 1, body, NOW)
	assert webhook.is_genuine(SECRET, sent, body, NOW + timedelta(seconds=299))
	assert not webhook.is_genuine(SECRET, sent, body, NOW + timedelta(seconds=301))
	assert not webhook.is_genuine(SECRET, sent, body + b" ", NOW)
	assert not webhook.is_genuine("another secret", sent, body, NOW)
	later = {**sent, "X-Recovery-Timestamp": str(int(NOW.timestamp()) + 60)}
	assert not webhook.is_genuine(SECRET, later, body, NOW + timedelta(seconds=60))
	assert not webhook.is_genuine(SECRET, {}, body, NOW)


def test_the_body_holds_what_a_machine_needs() -> None:
	message = incident_message(Kind.OPENED, ABOUT, "IBAN NL91ABNA0417164300", NOW, UTC)
	said = webhook.payload(
		"n1", "Opened", "2026-11-22T10:00:00+00:00", "erp.example.org", "", message, ABOUT, "Detected"
	)
	body = json.loads(webhook.body_of(said))
	assert (body["version"], body["id"], body["event"]) == (1, "n1", "Opened")
	assert body["incident"] == {
		"name": "RC-INC-1",
		"title": "Mail is stuck",
		"severity": "S2",
		"status": "Detected",
		"count": 12,
		"beneath": 0,
		"opened": "2026-11-22T10:00:00+00:00",
		"resolved": None,
		"link": "https://erp/app/incident/1",
	}
	assert "NL91ABNA0417164300" not in webhook.body_of(said).decode()


def test_what_is_about_no_incident_says_so() -> None:
	message = incident_message(Kind.OPENED, ABOUT, "", NOW, UTC)
	assert webhook.payload("n1", "Test", "", "s", "", message, None)["incident"] is None
