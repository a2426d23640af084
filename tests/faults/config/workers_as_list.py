"""The custom queues were written as a list."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(workers=["imports"])


FAULT = Fault(
	title="The setting workers is a list",
	breaks=breaks,
	check="config.types",
	severity="warning",
	subjects=("workers",),
	runbook="mend-setting-types",
)
