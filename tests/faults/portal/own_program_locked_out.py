"""A program on the server itself logs in with an old password and is locked out."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import fail_logins
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	fail_logins(site, "127.0.0.1", failures=11)


FAULT = Fault(
	title="A program on the server itself logs in with an old password and is locked out",
	breaks=breaks,
	check="portal.locked_out",
	severity="warning",
	count=1,
	subjects=("127.0.0.1",),
	runbook="unlock-logins",
	given={"names": ["127.0.0.1"]},
)
