"""The chat bot's token was cut off."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import bot
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	bot(site, token="1234567890:Ab", url="https://erp.example.org/api/method/bot.hear")


FAULT = Fault(
	title="The chat bot's token was cut off",
	breaks=breaks,
	check="integrations.chat_bot",
	severity="critical",
	subjects=("telegram_bot_token",),
)
