"""Nothing reaches the other program any more."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import call_webhook
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(12):
		call_webhook(site, f"document {number:02}")


FAULT = Fault(
	title="Nothing reaches the other program any more",
	breaks=breaks,
	check="integrations.webhooks",
	severity="critical",
	count=12,
	subjects=("document 00", "document 11"),
	runbook="stop-a-dead-webhook",
	left=12,
)
