"""A disabled user keeps an API key on Frappe 16."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import add_staff, give_keys
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "left@example.org")
	give_keys(site, "left@example.org", days=10)
	site.update("User", "left@example.org", enabled=0)


FAULT = Fault(
	title="A disabled user keeps an API key on Frappe 16",
	breaks=breaks,
	check="security.programmatic_access",
	severity="info",
	count=1,
	subjects=("left@example.org",),
	frappe=(16,),
	runbook="revoke-api-keys",
)
