"""Somebody suspended the workers and forgot."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.set("rq:suspended", 1)


FAULT = Fault(
	title="The workers are suspended",
	breaks=breaks,
	check="jobs.workers",
	severity="critical",
	subjects=("queue",),
	runbook="resume-workers",
)
