"""A fixture added one permission to Customer and put all others out of force."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import own_permissions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	own_permissions(site, "Customer", ["Website Manager"], days=3)


FAULT = Fault(
	title="A fixture added one permission to Customer and put all others out of force",
	breaks=breaks,
	check="portal.custom_permissions",
	severity="warning",
	count=2,
	subjects=("Customer",),
	runbook="restore-permissions",
)
