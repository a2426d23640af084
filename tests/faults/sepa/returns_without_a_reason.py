"""The app marked the failed collections with the status of the file in place of a reason."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	invoice = sepa.invoice_name(site, 1)
	site.update("Sales Invoice", invoice, outstanding_amount=sepa.FEE, status="Overdue")
	site.update(
		"Direct Debit Batch Invoice",
		{"invoice": invoice, "parent": sepa.done_batch(site)},
		status="Failed",
		result_code="RJCT",
	)


FAULT = Fault(
	title="A collection failed and its reason is not recorded",
	breaks=breaks,
	check="sepa.returns",
	severity="warning",
)
