"""Telegram: a message of a bot, in plain text, so that nothing in it is taken for markup."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.notice_text import Message, as_chat
from recovery_console.core.notices import Failure
from recovery_console.in_site.channels.webhook import password, post_json

#: Where bots live; a bench without a way out of its own names its relay in its configuration, and so do tests.
_SERVER = "https://api.telegram.org"
SERVER_KEY = "recovery_console_telegram_server"


def send(channel: Document | None, notice: Any, message: Message) -> Failure | None:
	"""Let the bot write to the chat."""
	token = password(channel, "secret")
	if not token or not notice.address:
		return Failure(_("The channel has no token of a bot, or no chat."), again=False)
	server = (frappe.conf.get(SERVER_KEY) or _SERVER).rstrip("/")
	return post_json(
		f"{server}/bot{token}/sendMessage",
		{"chat_id": notice.address, "text": as_chat(message), "disable_web_page_preview": True},
	)
