"""One account for Desk was made today."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "new@example.org", days=0.5)


FAULT = Fault(
	title="One account for Desk was made today",
	breaks=breaks,
	check="security.new_accounts",
	severity="info",
	count=1,
	subjects=("new@example.org",),
)
