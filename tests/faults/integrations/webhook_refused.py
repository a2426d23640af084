"""The other program refused two documents and took a third at the second try."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import call_webhook
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for document in ("Carla Smit", "Eva Bos", "Gijs Peters"):
		for attempt in range(3):
			call_webhook(site, document, hours=3 - attempt / 1000)
	call_webhook(site, "Gijs Peters", error="", hours=2)
	call_webhook(site, "Eva Bos", error="", hours=5)
	call_webhook(site, "Daan Mulder", hours=25)


FAULT = Fault(
	title="The other program refused two documents and took a third at the second try",
	breaks=breaks,
	check="integrations.webhooks",
	severity="warning",
	count=2,
	subjects=("Carla Smit", "Eva Bos"),
	runbook="send-webhooks-again",
)
