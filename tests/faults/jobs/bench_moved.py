"""The bench was moved: jobs wait under its former name."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(2):
		site.queue.rpush("rq:queue:home-frappe-old-bench:default", site.job_id(f"left-behind-{number}"))
	site.queue.sadd("rq:queues", "rq:queue:home-frappe-old-bench:default")


FAULT = Fault(
	title="Jobs wait under the former name of the bench",
	breaks=breaks,
	check="jobs.misdirected",
	severity="warning",
	count=2,
	runbook="move-stranded-jobs",
)
