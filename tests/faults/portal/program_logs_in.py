"""A program logs in again and again and never out."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_sessions
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_sessions(site, "gijs.peters@example.org", 101, hours=3)
	add_sessions(site, "fleur.vos@example.org", 100, hours=3)


FAULT = Fault(
	title="A program logs in again and again and never out",
	breaks=breaks,
	check="portal.sessions",
	severity="warning",
	count=1,
	subjects=("gijs.peters@example.org",),
	runbook="end-sessions",
)
