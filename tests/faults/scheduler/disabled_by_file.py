"""A copy of a site was made with its scheduler disabled, and became the real one."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(disable_scheduler=1)


FAULT = Fault(
	title="The scheduler is disabled in site_config.json",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	runbook="resume-scheduler",
)
