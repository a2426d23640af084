"""The web server was stopped."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.services import free_port


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(webserver_port=free_port())


FAULT = Fault(
	title="The web server was stopped",
	breaks=breaks,
	check="portal.login_page",
	severity="critical",
	subjects=("erp.example.org",),
)
