"""Two requests in a hundred end in an error of the server."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	paths = ("/api/resource/Customer/Jansen", "/api/resource/Customer/De Vries", "/app/lead")
	monitored(
		site,
		[
			request(site, number, 0.1, paths[number % 2], 500 if number % 50 == 0 else 200)
			for number in range(500)
		],
	)


FAULT = Fault(
	title="Requests fail",
	breaks=breaks,
	check="performance.failed_requests",
	severity="warning",
	count=10,
	subjects=("/api/resource/Customer/…",),
)
