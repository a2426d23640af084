"""A user who was disabled by mistake tries to log in three times in a week."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user, log_failures
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	user = add_user(site, "former@example.org", "Customer", enabled=False)
	log_failures(site, [user] * 3, ["192.0.2.10"] * 3, hours=100)
	once = add_user(site, "left@example.org", "Customer", enabled=False)
	log_failures(site, [once] * 2, ["192.0.2.10"] * 2)


FAULT = Fault(
	title="A user who was disabled by mistake tries to log in three times in a week",
	breaks=breaks,
	check="portal.disabled_users",
	severity="warning",
	count=1,
	subjects=("former@example.org",),
	runbook="enable-users",
	given={"names": ["former@example.org"]},
)
