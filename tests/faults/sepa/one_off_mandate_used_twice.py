"""A mandate for one donation was used for the dues too."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="once", mandate_type="OOFF")


FAULT = Fault(
	title="A one-off mandate is in two batches",
	breaks=breaks,
	check="sepa.mandate_sequence",
	severity="warning",
	subjects=("once",),
	runbook="split-direct-debit-batch",
)
