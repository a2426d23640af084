"""The portal user of an active customer is disabled."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	user = add_user(site, "former@example.org", "Customer", enabled=False)
	site.insert("Portal User", parent="Eva Bos", parenttype="Customer", user=user)


FAULT = Fault(
	title="The portal user of an active customer is disabled",
	breaks=breaks,
	check="portal.customers",
	severity="info",
	count=1,
	subjects=("former@example.org",),
	runbook="enable-users",
	given={"names": ["former@example.org"]},
)
