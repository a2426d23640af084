"""A cross-site error was silenced with ignore_csrf."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(ignore_csrf=1)


FAULT = Fault(
	title="Requests of other websites are accepted",
	breaks=breaks,
	check="config.switches",
	severity="warning",
	subjects=("ignore_csrf",),
	runbook="switch-off-developer-settings",
	given={"names": "ignore_csrf"},
)
