"""The scheduler is paused for all sites, by the text "0", which Frappe takes for yes."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(pause_scheduler="0")


FAULT = Fault(
	title="The scheduler of all sites is paused by a text",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	also=("config.types",),
	runbook="resume-scheduler",
)
