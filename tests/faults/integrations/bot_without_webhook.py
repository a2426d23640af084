"""Telegram does not know where to send the chat bot's messages."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import bot
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	bot(site, url="", pending_update_count=0)


FAULT = Fault(
	title="Telegram does not know where to send the chat bot's messages",
	breaks=breaks,
	check="integrations.chat_bot",
	severity="warning",
	subjects=("telegram_bot_token",),
)
