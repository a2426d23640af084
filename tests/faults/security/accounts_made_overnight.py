"""Ten accounts for Desk were made overnight."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, *(f"new{number}@example.org" for number in range(10)), days=0.5)
	add_staff(site, "earlier@example.org", days=1.1)


FAULT = Fault(
	title="Ten accounts for Desk were made overnight",
	breaks=breaks,
	check="security.new_accounts",
	severity="warning",
	count=10,
	subjects=tuple(f"new{number}@example.org" for number in range(10)),
	runbook="disable-users",
	given={"names": [f"new{number}@example.org" for number in range(10)]},
)
