"""A System Manager has had one password for more than a year."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, give_role, set_password_date
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	set_password_date(site, "bram.visser@example.org", days=366)
	give_role(site, "bram.visser@example.org", ADMIN, days=300)


FAULT = Fault(
	title="A System Manager has had one password for more than a year",
	breaks=breaks,
	check="security.password_age",
	severity="info",
	count=1,
	subjects=("bram.visser@example.org",),
)
