"""Administrator is used from the internet."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import log_in
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	log_in(site, "Administrator", ["1.1.1.1", "9.9.9.9", "9.9.9.9", "192.168.1.4"], hours=40)


FAULT = Fault(
	title="Administrator is used from the internet",
	breaks=breaks,
	check="security.administrator_logins",
	severity="info",
	count=2,
	subjects=("1.1.1.1", "9.9.9.9"),
)
