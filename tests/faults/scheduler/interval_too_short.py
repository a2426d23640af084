"""scheduler_interval was set to 30 seconds, from which Frappe makes a cron line that no clock knows."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(scheduler_interval=30)


FAULT = Fault(
	title="scheduler_interval is too short for any job to be due",
	breaks=breaks,
	check="scheduler.plan",
	severity="warning",
	count=3,
	runbook="use-default-scheduler-interval",
)
