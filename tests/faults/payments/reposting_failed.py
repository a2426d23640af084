"""Repostings failed."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, status in (("riv-1", "Failed"), ("riv-2", "Failed"), ("riv-3", "Skipped")):
		site.insert("Repost Item Valuation", name=name, status=status, docstatus=1, creation=site.days_ago(3))
	site.insert("Repost Payment Ledger", name="rpl-1", repost_status="Failed", docstatus=1)


FAULT = Fault(
	title="Repostings failed",
	breaks=breaks,
	check="payments.accounting_jobs_failed",
	severity="warning",
	count=3,
	subjects=("riv-1", "riv-2", "rpl-1"),
	runbook="requeue-stock-repostings",
	left=1,
)
