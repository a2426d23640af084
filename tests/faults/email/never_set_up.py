"""A new site on which nobody has set up mail yet."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Email Account")
	site.delete("Email Queue")


FAULT = Fault(
	title="Mail was never set up",
	breaks=breaks,
	check="email.outgoing_account",
	severity="warning",
)
