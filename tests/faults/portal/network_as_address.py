"""Restrict IP holds a network and a list by lines, which match no address."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("User", "bram.visser@example.org", restrict_ip="192.0.2.0/24")
	site.update("User", "eva.bos@example.org", restrict_ip="192.0.2.10, 10.0.0.1\n10.0.0.2")
	site.update("User", "daan.mulder@example.org", restrict_ip="192.0.2., 2001:db8:", last_ip="192.0.2.10")


FAULT = Fault(
	title="Restrict IP holds a network and a list by lines, which match no address",
	breaks=breaks,
	check="portal.restricted_addresses",
	severity="warning",
	count=2,
	subjects=(
		"bram.visser@example.org",
		"eva.bos@example.org",
	),
	runbook="mend-ip-restrictions",
)
