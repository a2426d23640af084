"""The session expiry is a text that Frappe reads as no time at all."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import set_expiry
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	set_expiry(site, "a day:long")


FAULT = Fault(
	title="The session expiry is a text that Frappe reads as no time at all",
	breaks=breaks,
	check="portal.session_expiry",
	severity="critical",
	count=1,
	subjects=("session_expiry",),
	runbook="mend-session-expiry",
)
