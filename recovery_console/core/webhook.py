"""What a webhook receives: a body in JSON, and headers by which the receiver knows that it is genuine and new."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recovery_console.core.notice_text import About, Message, as_text

#: Grows when something that a receiver relies on changes its meaning; new fields may come at any time.
VERSION = 1
LEAST_SECRET = 16
NOTICE_HEADER = "X-Recovery-Notice"
TIME_HEADER = "X-Recovery-Timestamp"
SIGNATURE_HEADER = "X-Recovery-Signature"
ATTEMPT_HEADER = "X-Recovery-Attempt"


def payload(
	notice: str,
	event: str,
	at: str,
	site: str,
	detail: str,
	message: Message,
	about: About | None,
	status: str = "",
) -> dict[str, Any]:
	"""Return what is sent, before it is written as JSON.

	Args:
		notice: Name of the notice: the same for every attempt, so that a receiver can drop what it has already.
		event: What it tells, such as ``Opened``.
		at: When it happened, UTC, ISO 8601.
		site: Name of the site.
		detail: What happened, in words, redacted.
		message: What people are told.
		about: The incident; None where it is about none.
		status: The incident's status.
	"""
	return {
		"version": VERSION,
		"id": notice,
		"event": event,
		"at": at,
		"site": site,
		"subject": message.subject,
		"detail": detail,
		"text": as_text(message),
		"incident": None
		if about is None
		else {
			"name": about.name,
			"title": message.sections[0].items[0].text if message.sections else message.subject,
			"severity": about.severity[:2],
			"status": status,
			"count": about.count,
			"beneath": about.beneath,
			"opened": about.opened.isoformat(timespec="seconds") if about.opened else None,
			"resolved": about.ended.isoformat(timespec="seconds") if about.ended else None,
			"link": about.link,
		},
	}


def body_of(said: Mapping[str, Any]) -> bytes:
	"""Write a payload as it is sent and signed."""
	return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
	"""Return ``v1=`` and the HMAC-SHA256, in hex, of the timestamp, a full stop and the body."""
	digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
	return f"v1={digest}"


def headers(secret: str, notice: str, attempt: int, body: bytes, now: datetime) -> dict[str, str]:
	"""Return the headers of one attempt.

	Args:
		secret: Shared with the receiver.
		notice: Name of the notice.
		attempt: Its number, from 1.
		body: What is sent.
		now: The present moment, aware. Receivers refuse signatures that are older than some minutes.
	"""
	timestamp = str(int(now.timestamp()))
	return {
		"Content-Type": "application/json; charset=utf-8",
		NOTICE_HEADER: notice,
		ATTEMPT_HEADER: str(attempt),
		TIME_HEADER: timestamp,
		SIGNATURE_HEADER: signature(secret, timestamp, body),
	}


def is_genuine(
	secret: str, given: Mapping[str, str], body: bytes, now: datetime, *, most_seconds: int = 300
) -> bool:
	"""Tell whether a call is ours and fresh, as a receiver should.

	Args:
		secret: Shared with the sender.
		given: The headers of the call.
		body: Its body, byte for byte.
		now: The present moment, aware.
		most_seconds: How old it may be.
	"""
	timestamp = given.get(TIME_HEADER, "")
	if not timestamp.isdigit() or abs(now.timestamp() - int(timestamp)) > most_seconds:
		return False
	return hmac.compare_digest(signature(secret, timestamp, body), given.get(SIGNATURE_HEADER, ""))
