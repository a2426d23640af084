"""A telephone keeps logging in with an old password, from changing addresses."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import log_failures
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	addresses = [f"198.51.100.{number}" for number in range(20)]
	log_failures(site, ["bram.visser@example.org"] * 20, addresses)
	log_failures(site, ["anna.bakker@example.org"] * 19, addresses[:19])


FAULT = Fault(
	title="A telephone keeps logging in with an old password, from changing addresses",
	breaks=breaks,
	check="portal.failed_logins",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
)
