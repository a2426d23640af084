"""Three collections of the last batch came back; the payments were cancelled."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number, code in enumerate(("AC04", "AM04", "ZZ99")):
		invoice = sepa.invoice_name(site, number + 1)
		site.update("Sales Invoice", invoice, outstanding_amount=sepa.FEE, status="Overdue")
		site.update(
			"Direct Debit Batch Invoice",
			{"invoice": invoice, "parent": sepa.done_batch(site)},
			status="Failed",
			result_code=code,
		)


FAULT = Fault(
	title="Collections came back with AC04, AM04 and an unknown code",
	breaks=breaks,
	check="sepa.returns",
	severity="warning",
	count=3,
	runbook="present-returns-again",
)
