"""The program that a webhook calls is down."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import WEBHOOK
from tests.support.sample import SampleSite
from tests.support.services import free_port

PORT = free_port()


def breaks(site: SampleSite) -> None:
	site.update("Webhook", WEBHOOK, request_url=f"http://127.0.0.1:{PORT}/contact")


FAULT = Fault(
	title="The program that a webhook calls is down",
	breaks=breaks,
	check="integrations.reachability",
	severity="warning",
	count=1,
	subjects=(f"127.0.0.1:{PORT}",),
)
