"""An office behind one address is locked out for a quarter of an hour."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import fail_logins
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", allow_login_after_fail=900)
	fail_logins(site, "192.0.2.44", failures=14, seconds_ago=600)
	fail_logins(site, "2001:db8::7", failures=70000, seconds_ago=1)


FAULT = Fault(
	title="An office behind one address is locked out for a quarter of an hour",
	breaks=breaks,
	check="portal.locked_out",
	severity="warning",
	count=2,
	subjects=(
		"192.0.2.44",
		"2001:db8::7",
	),
	runbook="unlock-logins",
)
