"""A portal user's contact leads to no customer."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	user = add_user(site, "visitor@example.org", "Customer")
	site.insert("Contact", name="Visitor", first_name="Visitor", email_id=user, user=user)


FAULT = Fault(
	title="A portal user's contact leads to no customer",
	breaks=breaks,
	check="portal.customers",
	severity="info",
	count=1,
	subjects=("visitor@example.org",),
)
