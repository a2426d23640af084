"""Browsers do not trust the site's certificate."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import show_certificate
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	show_certificate(site, days=60)


FAULT = Fault(
	title="Browsers do not trust the site's certificate",
	breaks=breaks,
	check="integrations.certificates",
	severity="warning",
	count=1,
	subjects=("localhost",),
)
