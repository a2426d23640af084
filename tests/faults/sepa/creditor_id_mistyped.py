"""Somebody mistyped the check digits of the creditor identifier."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("Verenigingen Settings", creditor_id="NL99ZZZ123456780000")


FAULT = Fault(
	title="The creditor identifier contradicts its check digits",
	breaks=breaks,
	check="sepa.creditor",
	severity="critical",
	subjects=("Verenigingen Settings",),
)
