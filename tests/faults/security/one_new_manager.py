"""One account became System Manager."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, give_role
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_role(site, "bram.visser@example.org", ADMIN, days=3)


FAULT = Fault(
	title="One account became System Manager",
	breaks=breaks,
	check="security.admin_growth",
	severity="info",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="remove-system-managers",
	given={"names": ["bram.visser@example.org"]},
)
