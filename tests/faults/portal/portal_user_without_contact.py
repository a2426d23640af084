"""The job that makes a user's contact was lost."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_user(site, "visitor@example.org", "Customer")


FAULT = Fault(
	title="The job that makes a user's contact was lost",
	breaks=breaks,
	check="portal.customers",
	severity="info",
	count=1,
	subjects=("visitor@example.org",),
	runbook="mend-portal-chain",
)
