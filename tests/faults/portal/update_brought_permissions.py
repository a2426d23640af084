"""An update gave roles a DocType for which the site has permissions of its own."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import own_permissions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	own_permissions(
		site,
		"Customer",
		["Sales User", "Sales Manager", "Sales Master Manager", "Stock User", "Stock Manager"],
		days=300,
	)


FAULT = Fault(
	title="An update gave roles a DocType for which the site has permissions of its own",
	breaks=breaks,
	check="portal.custom_permissions",
	severity="warning",
	count=2,
	subjects=("Customer",),
	runbook="restore-permissions",
)
