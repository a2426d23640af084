"""A member's new IBAN was entered on the member only."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="before")
	site.update("Member", sepa.member_name(site, 0), iban=sepa.iban("RABO", 300065264))


FAULT = Fault(
	title="Member and mandate name different accounts",
	breaks=breaks,
	check="sepa.account_differs",
	severity="warning",
	subjects=("before",),
)
