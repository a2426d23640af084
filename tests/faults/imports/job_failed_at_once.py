"""The job of an import failed before the import could note anything."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import, add_import_job
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", total=10)
	add_import_job(
		site,
		"contacts",
		status="failed",
		enqueued_at=site.hours_ago(2),
		exc="Traceback (most recent call last):\nImportError: cannot import name 'x'",
	)


FAULT = Fault(
	title="The job of an import failed at once",
	breaks=breaks,
	check="imports.pending",
	severity="warning",
	subjects=("contacts",),
	also=("jobs.failed",),
	runbook="start-import",
)
