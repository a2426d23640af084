"""The default site was dropped or renamed."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(default_site="old.example.org")


FAULT = Fault(
	title="The bench's default site does not exist",
	breaks=breaks,
	check="config.default_site",
	severity="warning",
	subjects=("old.example.org",),
	runbook="set-default-site",
)
