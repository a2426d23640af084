"""Two users may log in at no hour: a night shift, and an hour that does not exist."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("User", "bram.visser@example.org", login_after=22, login_before=6)
	site.update("User", "eva.bos@example.org", login_after=24)
	site.update("User", "daan.mulder@example.org", login_after=8, login_before=18)


FAULT = Fault(
	title="Two users may log in at no hour: a night shift, and an hour that does not exist",
	breaks=breaks,
	check="portal.login_hours",
	severity="warning",
	count=2,
	subjects=(
		"bram.visser@example.org",
		"eva.bos@example.org",
	),
	runbook="clear-login-hours",
)
