"""Three generators of references live in the app; one uses a character that SEPA does not allow."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="underscore", mandate_id="MANDATE_26_1")
	site.delete("Direct Debit Batch Invoice", {"mandate_reference": sepa.mandate_id(site, 0)})
	for batch in (sepa.done_batch(site), sepa.draft_batch(site)):
		site.update("Direct Debit Batch", batch, total_amount=5 * sepa.FEE, entry_count=5)


FAULT = Fault(
	title="A mandate reference holds an underscore",
	breaks=breaks,
	check="sepa.mandate_reference",
	severity="warning",
	subjects=("underscore",),
)
