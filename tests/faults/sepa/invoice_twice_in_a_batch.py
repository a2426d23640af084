"""The selection took up an invoice once for each active mandate of its payer."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_line(site, sepa.draft_batch(site), 0, sepa.open_invoice(site, 0))


FAULT = Fault(
	title="An invoice stands twice in one batch",
	breaks=breaks,
	check="sepa.line_twice",
	severity="critical",
	runbook="split-direct-debit-batch",
)
