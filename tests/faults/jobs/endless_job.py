"""A job without any time limit has run since last night."""

from tests.faults import Fault
from tests.faults.jobs._keys import worker_of
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"long",
		method="custom_app.tasks.sync",
		status="started",
		timeout=-1,
		enqueued_at=site.hours_ago(9),
		worker=worker_of(site, "long"),
	)


FAULT = Fault(
	title="A job without a time limit has run for nine hours",
	breaks=breaks,
	check="jobs.overtime",
	severity="warning",
)
