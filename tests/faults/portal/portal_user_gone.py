"""A customer lists a portal user who was renamed by SQL."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Portal User", {"user": "daan.mulder@example.org"}, user="d.mulder@example.org")
	site.insert("Portal User", parent="Daan Mulder", parenttype="Customer", user="daan.mulder@example.org")


FAULT = Fault(
	title="A customer lists a portal user who was renamed by SQL",
	breaks=breaks,
	check="portal.customers",
	severity="warning",
	count=1,
	subjects=("Daan Mulder",),
	runbook="mend-portal-chain",
)
