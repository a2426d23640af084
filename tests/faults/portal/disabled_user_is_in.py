"""A user was disabled by a script while logged in."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_sessions, add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_sessions(site, add_user(site, "former@example.org", "Customer", enabled=False), 2, hours=1)


FAULT = Fault(
	title="A user was disabled by a script while logged in",
	breaks=breaks,
	check="portal.sessions",
	severity="warning",
	count=1,
	subjects=("former@example.org",),
	runbook="end-sessions",
)
