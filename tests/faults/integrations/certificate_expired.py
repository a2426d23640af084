"""The site's certificate expired yesterday."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import show_certificate
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	show_certificate(site, days=-1)


FAULT = Fault(
	title="The site's certificate expired yesterday",
	breaks=breaks,
	check="integrations.certificates",
	severity="critical",
	count=1,
	subjects=("localhost",),
)
