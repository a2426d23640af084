"""The session expiry was written as a number of hours, on which Frappe fails."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import set_expiry
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	set_expiry(site, "24")


FAULT = Fault(
	title="The session expiry was written as a number of hours, on which Frappe fails",
	breaks=breaks,
	check="portal.session_expiry",
	severity="critical",
	count=1,
	subjects=("session_expiry",),
	runbook="mend-session-expiry",
)
