"""A queue was added to the configuration, and no worker for it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(workers={"invoices": {"timeout": 600, "background_workers": 1}})


FAULT = Fault(
	title="Nobody serves a queue of the bench's own",
	breaks=breaks,
	check="jobs.unserved_queues",
	severity="warning",
	subjects=("invoices",),
)
