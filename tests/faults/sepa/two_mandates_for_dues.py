"""A payer signed a new mandate; the old one stayed active."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(site, 0, "M-SECOND")
	sepa.add_mandate(site, 1, "M-DONATION", used_for_memberships=0, used_for_donations=1)


FAULT = Fault(
	title="A member has two active mandates for the dues",
	breaks=breaks,
	check="sepa.mandate_duplicate",
	severity="warning",
	runbook="keep-one-mandate",
)
