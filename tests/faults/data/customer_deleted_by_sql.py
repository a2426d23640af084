"""A customer was deleted past the form."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Customer", CUSTOMERS[0].full_name)


FAULT = Fault(
	title="A customer was deleted past the form",
	breaks=breaks,
	check="data.dangling_links",
	severity="warning",
	count=2,
	also=("portal.members",),
)
