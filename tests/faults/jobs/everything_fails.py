"""Twelve kinds of jobs failed at once: ten are named, the others counted."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(12):
		site.add_job("default", method=f"custom_app.tasks.task_{number:02}", status="failed")


FAULT = Fault(
	title="Twelve kinds of jobs failed at once",
	breaks=breaks,
	check="jobs.failed",
	severity="warning",
	count=12,
	runbook="drop-failed-jobs",
	given={"error": "ValueError"},
)
