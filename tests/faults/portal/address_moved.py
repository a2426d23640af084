"""A user's Restrict IP no longer holds the address that the user comes from."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("User", "bram.visser@example.org", restrict_ip="10.1.2, 10.1.3", last_ip="192.0.2.10")
	site.update("User", "daan.mulder@example.org", restrict_ip="10.1.2", last_ip="10.1.27.4")


FAULT = Fault(
	title="A user's Restrict IP no longer holds the address that the user comes from",
	breaks=breaks,
	check="portal.restricted_addresses",
	severity="info",
	count=1,
	subjects=("bram.visser@example.org",),
)
