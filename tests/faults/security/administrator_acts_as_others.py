"""Administrator acted in the name of two users."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for user in ("bram.visser@example.org", "bram.visser@example.org", "eva.bos@example.org"):
		site.insert(
			"Activity Log",
			subject="User Administrator impersonated",
			operation="Impersonate",
			status="Success",
			user=user,
			creation=site.days_ago(3),
		)


FAULT = Fault(
	title="Administrator acted in the name of two users",
	breaks=breaks,
	check="security.impersonation",
	severity="info",
	count=2,
	subjects=("bram.visser@example.org", "eva.bos@example.org"),
)
