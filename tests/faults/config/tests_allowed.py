"""Tests were allowed to try something, and stayed allowed."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(allow_tests=True)


FAULT = Fault(
	title="Tests may run on the site",
	breaks=breaks,
	check="config.switches",
	severity="info",
	subjects=("allow_tests",),
	runbook="switch-off-developer-settings",
)
