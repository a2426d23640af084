"""The settings were saved without a creditor identifier."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("Verenigingen Settings", creditor_id=None)


FAULT = Fault(
	title="There is no creditor identifier",
	breaks=breaks,
	check="sepa.creditor",
	severity="critical",
)
