"""A consent for a bank has expired."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_consent
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_consent(site, "Bank TRIO-One", site.hours_ago(1))
	add_consent(site, "Old Bank-One", site.days_ago(200))


FAULT = Fault(
	title="A consent for a bank has expired",
	breaks=breaks,
	check="integrations.bank_consent",
	severity="critical",
	count=1,
	subjects=("Bank TRIO-One",),
)
