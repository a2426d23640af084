"""A user with a role profile was given one more role by hand."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import give_profile
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_profile(site, "bram.visser@example.org", "Accounts Manager", "Accounts User")


FAULT = Fault(
	title="A user with a role profile was given one more role by hand",
	breaks=breaks,
	check="portal.role_profiles",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="settle-role-profiles",
	given={"keep": "profile"},
)
