"""The password of the mail account is more than a year old."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import store_secret
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	store_secret(site, "Email Account", "Notifications", "password", days=366)


FAULT = Fault(
	title="The password of the mail account is more than a year old",
	breaks=breaks,
	check="security.stored_secrets",
	severity="info",
	count=1,
	subjects=("Notifications",),
)
