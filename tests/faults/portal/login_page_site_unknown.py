"""The web server does not know the site."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	serve(site, status=404, text="erp.example.org does not exist")


FAULT = Fault(
	title="The web server does not know the site",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
