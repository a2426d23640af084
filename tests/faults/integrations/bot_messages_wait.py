"""The chat bot's messages cannot be delivered."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import bot
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	bot(
		site,
		url="https://erp.example.org/api/method/bot.hear",
		pending_update_count=3,
		last_error_date=int(site.bench.now.timestamp()) - 600,
		last_error_message="Wrong response from the webhook: 502 Bad Gateway",
	)


FAULT = Fault(
	title="The chat bot's messages cannot be delivered",
	breaks=breaks,
	check="integrations.chat_bot",
	severity="warning",
	subjects=("telegram_bot_token",),
)
