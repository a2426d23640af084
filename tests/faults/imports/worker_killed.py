"""The worker was killed in the middle of an import: its job stopped to beat."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import, add_import_job
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Partial Success", total=10, done=3, failed=[3, 6])
	add_import_job(
		site,
		"contacts",
		status="started",
		started_at=site.hours_ago(4),
		last_heartbeat=site.hours_ago(3),
		score=site.utc(site.hours_ago(2.9)).timestamp(),
	)


FAULT = Fault(
	title="The worker was killed in the middle of an import",
	breaks=breaks,
	check="imports.interrupted",
	severity="warning",
	subjects=("contacts",),
	also=("jobs.abandoned",),
	runbook="resume-import",
)
