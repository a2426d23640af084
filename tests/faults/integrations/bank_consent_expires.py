"""A consent for a bank expires within a week."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_consent
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_consent(site, "Bank TRIO-One", site.days_ago(-6.9))
	add_consent(site, "Other Bank-One", site.days_ago(-7.1))


FAULT = Fault(
	title="A consent for a bank expires within a week",
	breaks=breaks,
	check="integrations.bank_consent",
	severity="warning",
	count=1,
	subjects=("Bank TRIO-One",),
)
