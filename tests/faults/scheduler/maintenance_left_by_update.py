"""`bench update` failed half-way and left all sites in maintenance mode."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(maintenance_mode=1, pause_scheduler=1)


FAULT = Fault(
	title="A failed update left all sites in maintenance mode",
	breaks=breaks,
	check="scheduler.maintenance",
	severity="critical",
	also=("scheduler.switches",),
	runbook="leave-maintenance",
)
