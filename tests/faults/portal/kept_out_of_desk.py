"""A script gave a portal user a role for the Desk without saving the user."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Has Role", parent="eva.bos@example.org", parenttype="User", role="Accounts User")


FAULT = Fault(
	title="A script gave a portal user a role for the Desk without saving the user",
	breaks=breaks,
	check="portal.user_roles",
	severity="warning",
	count=1,
	subjects=("eva.bos@example.org",),
	runbook="work-out-user-types",
)
