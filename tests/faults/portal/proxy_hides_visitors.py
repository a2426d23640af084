"""The web server hides where visitors come from, and the address that all of them seem to have is locked out."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import fail_logins
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Activity Log", {"operation": "Login"}, ip_address="127.0.0.1")
	fail_logins(site, "127.0.0.1", failures=11)


FAULT = Fault(
	title="The web server hides where visitors come from, and the address that all of them seem to have is locked out",
	breaks=breaks,
	check="portal.locked_out",
	severity="critical",
	count=1,
	subjects=("127.0.0.1",),
	runbook="unlock-logins",
)
