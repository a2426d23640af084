"""The scheduler was paused for the bench; somebody resumed it for the site, in a way that Frappe takes for yes."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(pause_scheduler=1)
	site.set_config(pause_scheduler="0")


FAULT = Fault(
	title="The scheduler is paused in both files",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	also=("config.types",),
	runbook="resume-scheduler",
)
