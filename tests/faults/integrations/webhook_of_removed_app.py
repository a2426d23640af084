"""A webhook listens to documents of an app that was removed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import WEBHOOK
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Webhook", WEBHOOK, webhook_doctype="Gone Kind")


FAULT = Fault(
	title="A webhook listens to documents of an app that was removed",
	breaks=breaks,
	check="integrations.webhook_setup",
	severity="warning",
	count=1,
	subjects=("HOOK-0001",),
	runbook="switch-off-broken-webhooks",
)
