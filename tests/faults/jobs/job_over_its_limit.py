"""A job with a limit of five minutes has run for twenty."""

from tests.faults import Fault
from tests.faults.jobs._keys import worker_of
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"default",
		method="custom_app.tasks.sync",
		status="started",
		enqueued_at=site.minutes_ago(20),
		worker=worker_of(site, "default"),
	)


FAULT = Fault(
	title="A job runs four times as long as it may",
	breaks=breaks,
	check="jobs.overtime",
	severity="warning",
)
