"""One account is used from six addresses in a day."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import log_in
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	log_in(site, "bram.visser@example.org", [f"198.51.100.{number}" for number in range(6)])
	log_in(site, "anna.bakker@example.org", [f"198.51.100.{number}" for number in range(4)])


FAULT = Fault(
	title="One account is used from six addresses in a day",
	breaks=breaks,
	check="security.login_addresses",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="force-password-resets",
	given={"names": ["bram.visser@example.org"]},
	left=1,
)
