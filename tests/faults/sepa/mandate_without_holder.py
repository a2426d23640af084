"""The name of the account holder was emptied."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="nameless", account_holder_name="")


FAULT = Fault(
	title="A mandate names no account holder",
	breaks=breaks,
	check="sepa.mandate_details",
	severity="warning",
	subjects=("nameless",),
	runbook="suspend-unusable-mandates",
)
