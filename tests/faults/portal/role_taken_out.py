"""The site took two roles out of a DocType in Role Permissions Manager."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import own_permissions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	own_permissions(
		site,
		"Customer",
		["Sales User", "Sales Manager", "Sales Master Manager", "Stock User", "Stock Manager"],
		days=3,
	)


FAULT = Fault(
	title="The site took two roles out of a DocType in Role Permissions Manager",
	breaks=breaks,
	check="portal.custom_permissions",
	severity="info",
	count=2,
	subjects=("Customer",),
	runbook="restore-permissions",
	given={"names": ["Customer"]},
)
