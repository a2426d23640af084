"""The Ledger Health Monitor reports vouchers."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("Ledger Health Monitor", enable_health_monitor=1)
	for name, voucher in ((1, "SINV-A"), (2, "SINV-A"), (3, "SINV-B")):
		site.insert(
			"Ledger Health",
			name=name,
			voucher_type="Sales Invoice",
			voucher_no=voucher,
			debit_credit_mismatch=voucher == "SINV-A",
			general_and_payment_ledger_mismatch=voucher == "SINV-B",
			checked_on=site.days_ago(2),
			creation=site.days_ago(2),
		)


FAULT = Fault(
	title="The Ledger Health Monitor reports vouchers",
	breaks=breaks,
	check="payments.ledger_health",
	severity="warning",
	count=2,
	subjects=("SINV-A", "SINV-B"),
)
