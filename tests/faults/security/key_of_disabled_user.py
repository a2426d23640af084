"""A disabled user's API key still opens a site of Frappe 15."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import add_staff, give_keys
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "left@example.org")
	give_keys(site, "left@example.org", days=10)
	site.update("User", "left@example.org", enabled=0)


FAULT = Fault(
	title="A disabled user's API key still opens a site of Frappe 15",
	breaks=breaks,
	check="security.programmatic_access",
	severity="warning",
	count=1,
	subjects=("left@example.org",),
	frappe=(15,),
	runbook="revoke-api-keys",
)
