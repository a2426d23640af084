"""The money of a batch came and was booked, but its status stayed."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-PAID", sepa.earlier_target_day(site, 10))


FAULT = Fault(
	title="All invoices of a waiting batch are paid",
	breaks=breaks,
	check="sepa.batch_stuck",
	severity="info",
	subjects=("BATCH-PAID",),
	runbook="close-paid-direct-debit-batches",
)
