"""A tenth of all requests end in an error of the server."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	monitored(
		site,
		[request(site, number, 0.1, status=502 if number % 10 == 0 else 404) for number in range(200)],
	)


FAULT = Fault(
	title="Many requests fail",
	breaks=breaks,
	check="performance.failed_requests",
	severity="critical",
	count=20,
)
