"""The web server takes connections and never answers."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	serve(site, delay=4)
	set_threshold(site, "portal.login_page", within="1 s")


FAULT = Fault(
	title="The web server takes connections and never answers",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
