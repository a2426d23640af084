"""A customer's portal users lost the role Customer."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Has Role", {"parent": ["eva.bos@example.org", "fleur.vos@example.org"], "role": "Customer"})


FAULT = Fault(
	title="A customer's portal users lost the role Customer",
	breaks=breaks,
	check="portal.customers",
	severity="warning",
	count=2,
	subjects=(
		"eva.bos@example.org",
		"fleur.vos@example.org",
	),
	runbook="mend-portal-chain",
)
