"""The server script of a scheduled job was deleted; each run does nothing and counts as complete."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Scheduled Job Type",
		name="script-type",
		method="nightly_totals",
		server_script="Nightly Totals",
		frequency="Daily",
		cron_format="",
		last_execution=site.now,
	)


FAULT = Fault(
	title="The server script of a scheduled job is gone",
	breaks=breaks,
	check="scheduler.gone_method",
	severity="warning",
	subjects=("script-type",),
	runbook="stop-jobs-without-code",
)
