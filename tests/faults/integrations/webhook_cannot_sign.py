"""A webhook signs and what it signs with is gone."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import WEBHOOK
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Webhook", WEBHOOK, enable_security=1)


FAULT = Fault(
	title="A webhook signs and what it signs with is gone",
	breaks=breaks,
	check="integrations.webhook_setup",
	severity="warning",
	count=1,
	subjects=("HOOK-0001",),
	runbook="switch-off-broken-webhooks",
)
