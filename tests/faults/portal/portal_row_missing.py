"""A customer does not list its portal user, and the portal shows no invoices."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Portal User", {"user": "daan.mulder@example.org"})


FAULT = Fault(
	title="A customer does not list its portal user, and the portal shows no invoices",
	breaks=breaks,
	check="portal.customers",
	severity="warning",
	count=1,
	subjects=("daan.mulder@example.org",),
	runbook="mend-portal-chain",
)
