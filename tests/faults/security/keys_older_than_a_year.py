"""API keys were never renewed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import give_keys
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_keys(site, "bram.visser@example.org", days=366)
	give_keys(site, "anna.bakker@example.org", days=364)


FAULT = Fault(
	title="API keys were never renewed",
	breaks=breaks,
	check="security.programmatic_access",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="rotate-api-key",
	given={"name": "bram.visser@example.org", "new_secret": "chosen-in-a-safe-0123456789"},
)
