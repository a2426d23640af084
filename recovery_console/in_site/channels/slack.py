"""Slack: its incoming webhook, named in the channel or by Frappe's own Slack Webhook URL.

Frappe's own sending has no time limit and takes an error for an answer, so only its record is used.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.notice_text import Message, as_slack
from recovery_console.core.notices import Failure
from recovery_console.in_site.channels.webhook import password, post_json


def send(channel: Document | None, _notice: Any, message: Message) -> Failure | None:
	"""Post a notice to the channel that the webhook belongs to."""
	url = url_of(channel)
	if not url:
		return Failure(_("The channel has no URL of a Slack webhook."), again=False)
	return post_json(url, {"text": as_slack(message)})


def url_of(channel: Document | None) -> str:
	"""Return the address of a Slack channel; empty where it has none."""
	if channel is not None and channel.slack_webhook:
		return frappe.db.get_value("Slack Webhook URL", channel.slack_webhook, "webhook_url") or ""
	return password(channel, "secret_url")
