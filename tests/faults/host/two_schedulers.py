"""Two schedulers run: one was left behind by an old bench start."""

from tests.faults import Fault
from tests.faults.host._help import start_process
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for _number in range(2):
		start_process(site, "", "frappe", "schedule")


FAULT = Fault(
	title="Two schedulers run: one was left behind by an old bench start",
	breaks=breaks,
	check="host.processes",
	severity="warning",
	count=2,
)
