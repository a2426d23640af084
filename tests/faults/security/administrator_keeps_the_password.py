"""Administrator's password was never changed in half a year."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import set_password_date
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	set_password_date(site, "Administrator", days=181)


FAULT = Fault(
	title="Administrator's password was never changed in half a year",
	breaks=breaks,
	check="security.password_age",
	severity="info",
	count=1,
	subjects=("Administrator",),
)
