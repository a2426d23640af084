"""Under the site's name another site answers."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import login_page, serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	serve(site, text=login_page("other.example.org"))


FAULT = Fault(
	title="Under the site's name another site answers",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
