"""The job that clears expired sessions has not run for days."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_sessions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_sessions(site, "eva.bos@example.org", 3, hours=170 + 49)
	add_sessions(site, "eva.bos@example.org", 2, hours=170 + 47)


FAULT = Fault(
	title="The job that clears expired sessions has not run for days",
	breaks=breaks,
	check="portal.expired_sessions",
	severity="info",
	count=3,
	runbook="clear-expired-sessions",
)
