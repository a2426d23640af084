"""Somebody paused the scheduler for a data import and forgot."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(pause_scheduler=True)


FAULT = Fault(
	title="The scheduler of the site is paused",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	runbook="resume-scheduler",
)
