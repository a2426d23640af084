"""One request in ten takes a second: no problem yet."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	monitored(site, [request(site, number, 1.0 if number % 10 == 0 else 0.2) for number in range(50)])


FAULT = Fault(
	title="Pages miss the target",
	breaks=breaks,
	check="performance.requests",
	severity="info",
)
