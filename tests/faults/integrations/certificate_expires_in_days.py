"""The site's certificate expires within a week."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import show_certificate
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	show_certificate(site, days=6.9)


FAULT = Fault(
	title="The site's certificate expires within a week",
	breaks=breaks,
	check="integrations.certificates",
	severity="critical",
	count=1,
	subjects=("localhost",),
)
