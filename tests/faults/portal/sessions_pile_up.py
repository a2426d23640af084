"""A thousand expired sessions were not cleared away."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_sessions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_sessions(site, "eva.bos@example.org", 1000, hours=24 * 30)


FAULT = Fault(
	title="A thousand expired sessions were not cleared away",
	breaks=breaks,
	check="portal.expired_sessions",
	severity="warning",
	count=1000,
	runbook="clear-expired-sessions",
)
