"""The batch took the IBAN from the member and the reference from the mandate."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	other = sepa.iban("RABO", 300065264)
	site.update("Direct Debit Batch Invoice", sepa.draft_line(site, 0), iban=other)


FAULT = Fault(
	title="A collection debits another account than its mandate names",
	breaks=breaks,
	check="sepa.account_differs",
	severity="critical",
	runbook="split-direct-debit-batch",
)
