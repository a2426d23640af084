"""An API key is due to be renewed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import give_keys
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_keys(site, "anna.bakker@example.org", days=91)
	give_keys(site, "bram.visser@example.org", days=89)


FAULT = Fault(
	title="An API key is due to be renewed",
	breaks=breaks,
	check="security.programmatic_access",
	severity="info",
	count=1,
	subjects=("anna.bakker@example.org",),
	runbook="rotate-api-key",
	given={"name": "anna.bakker@example.org", "new_secret": "chosen-in-a-safe-0123456789"},
)
