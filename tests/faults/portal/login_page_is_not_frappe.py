"""Another program took the web server's port."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	serve(site, text="<h1>It works!</h1>")


FAULT = Fault(
	title="Another program took the web server's port",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
