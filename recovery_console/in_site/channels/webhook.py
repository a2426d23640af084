"""Webhook: a signed call to another system. It comes at least once; its id tells one that came before."""

import json
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core import webhook
from recovery_console.core.notice_text import Message
from recovery_console.core.notices import Failure
from recovery_console.core.posting import post
from recovery_console.core.times import UTC
from recovery_console.in_site import notices


def send(channel: Document | None, notice: Any, message: Message) -> Failure | None:
	"""Call the channel's URL with what happened."""
	url, secret = password(channel, "secret_url"), password(channel, "secret")
	if not url or not secret:
		return Failure(_("The channel has no URL or no secret."), again=False)
	row = notices.incident_row(notice.incident) if notice.incident else None
	body = webhook.body_of(
		webhook.payload(
			notice.name,
			notice.kind,
			notice.happened,
			frappe.local.site,
			notice.detail or "",
			message,
			notices.about(row) if row else None,
			row.status if row else "",
		)
	)
	now = datetime.now(UTC)
	return post(url, body, webhook.headers(secret, notice.name, notice.attempts, body, now), now)


def password(channel: Document | None, field: str) -> str:
	"""Return a secret of a channel; empty where it has none."""
	return (channel.get_password(field, raise_exception=False) or "") if channel is not None else ""


def post_json(url: str, said: dict[str, Any]) -> Failure | None:
	"""Call a service with JSON that needs no signature of ours."""
	body = json.dumps(said, ensure_ascii=False).encode()
	return post(url, body, {"Content-Type": "application/json; charset=utf-8"}, datetime.now(UTC))
