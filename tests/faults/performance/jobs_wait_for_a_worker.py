"""One job in ten waited ten minutes, because another keeps the workers busy."""

from tests.faults import Fault
from tests.faults.performance._monitor import job, monitored
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	monitored(
		site,
		[
			job(site, number, 240.0, 1.0, "erpnext.repost")
			if number % 3 == 0
			else job(site, number, 2.0, 600.0 if number % 10 == 1 else 3.0, "frappe.email.queue.flush")
			for number in range(60)
		],
	)


FAULT = Fault(
	title="Jobs wait for a worker",
	breaks=breaks,
	check="performance.job_waits",
	severity="warning",
)
