"""Every Email Account was deleted, on a site that sends mail every day."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Email Account")


FAULT = Fault(
	title="All Email Accounts were deleted",
	breaks=breaks,
	check="email.outgoing_account",
	severity="critical",
)
