"""The chat bot's token was withdrawn."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import bot
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	bot(site, status=401)


FAULT = Fault(
	title="The chat bot's token was withdrawn",
	breaks=breaks,
	check="integrations.chat_bot",
	severity="critical",
	subjects=("telegram_bot_token",),
)
