"""nginx runs, Frappe behind it does not."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	serve(site, status=502, text="<h1>502 Bad Gateway</h1>")


FAULT = Fault(
	title="nginx runs, Frappe behind it does not",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
