"""One request in ten takes three and a half seconds."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	monitored(site, [request(site, number, 3.5 if number % 10 == 0 else 0.2) for number in range(100)])


FAULT = Fault(
	title="Pages are rather slow",
	breaks=breaks,
	check="performance.requests",
	severity="warning",
)
