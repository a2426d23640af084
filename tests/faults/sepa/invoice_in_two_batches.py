"""Two schedulers made a batch each on the same day."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-TWIN", sepa.next_collection(site), status="Draft", docstatus=0)
	for number in (0, 1):
		sepa.add_line(site, "BATCH-TWIN", number, sepa.open_invoice(site, number))


FAULT = Fault(
	title="Two invoices are in two open batches",
	breaks=breaks,
	check="sepa.line_twice",
	severity="critical",
	count=2,
	runbook="split-direct-debit-batch",
)
