"""The session expiry was changed in System Settings by hand and is not in force."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", session_expiry="12:00")


FAULT = Fault(
	title="The session expiry was changed in System Settings by hand and is not in force",
	breaks=breaks,
	check="portal.session_expiry",
	severity="warning",
	count=1,
	subjects=("session_expiry",),
	frappe=(15,),
	runbook="mend-session-expiry",
)
