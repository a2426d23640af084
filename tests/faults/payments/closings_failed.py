"""Closings and other background work of the accounts failed."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("POS Closing Entry", name="POS-1", status="Failed", docstatus=1)
	site.insert("Period Closing Voucher", name="PCV-1", gle_processing_status="Failed", docstatus=1)
	site.insert("Period Closing Voucher", name="PCV-2", gle_processing_status="Failed", docstatus=2)
	site.insert("Process Payment Reconciliation", name="PPR-1", status="Failed", docstatus=1)
	site.insert("Ledger Merge", name="merger", status="Partial Success")
	site.insert("Bulk Transaction Log Detail", name="bulk", transaction_status="Failed")


FAULT = Fault(
	title="Closings and other background work of the accounts failed",
	breaks=breaks,
	check="payments.accounting_jobs_failed",
	severity="warning",
	count=5,
	subjects=("POS-1", "PCV-1", "PPR-1", "merger", "bulk"),
)
