"""Sessions end after fourteen minutes."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import set_expiry
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	set_expiry(site, "00:14")


FAULT = Fault(
	title="Sessions end after fourteen minutes",
	breaks=breaks,
	check="portal.session_expiry",
	severity="warning",
	count=1,
	subjects=("session_expiry",),
	runbook="mend-session-expiry",
	given={"expiry": "8 h"},
)
