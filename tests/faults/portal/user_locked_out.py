"""Two users typed a wrong password eleven times and are locked out; a third was, and is free again."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import fail_logins
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	fail_logins(site, "anna.bakker@example.org", failures=11)
	fail_logins(site, "carla.smit@example.org", failures=300, seconds_ago=59)
	fail_logins(site, "daan.mulder@example.org", failures=12, seconds_ago=61)
	fail_logins(site, "eva.bos@example.org", failures=10)


FAULT = Fault(
	title="Two users typed a wrong password eleven times and are locked out; a third was, and is free again",
	breaks=breaks,
	check="portal.locked_out",
	severity="warning",
	count=2,
	subjects=(
		"anna.bakker@example.org",
		"carla.smit@example.org",
	),
	runbook="unlock-logins",
)
