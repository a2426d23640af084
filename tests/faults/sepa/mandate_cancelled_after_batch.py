"""A member cancelled after the batch was made; another line names a mandate that never existed."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), status="Cancelled")
	site.update("Direct Debit Batch Invoice", sepa.draft_line(site, 1), mandate_reference="NO-SUCH-MANDATE")


FAULT = Fault(
	title="Two collections in a draft have no usable mandate",
	breaks=breaks,
	check="sepa.line_mandate",
	severity="critical",
	count=2,
	runbook="split-direct-debit-batch",
)
