"""A way to pay was disabled while payments were in draft."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Mode of Payment", "Cash", enabled=0)
	for name in ("PAY-draft-1", "PAY-draft-2"):
		site.insert("Payment Entry", name=name, payment_type="Receive", mode_of_payment="Cash")


FAULT = Fault(
	title="A way to pay was disabled while payments were in draft",
	breaks=breaks,
	check="data.disabled_links",
	severity="warning",
	subjects=("PAY-draft-1", "PAY-draft-2"),
	count=2,
	runbook="enable-record-that-drafts-need",
	given={"doctype": "Mode of Payment", "names": ["Cash"]},
)
