"""An import was started; its job waits in a queue that no worker takes from."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import, add_import_job
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", total=10, hours=0.7)
	add_import_job(site, "contacts", enqueued_at=site.minutes_ago(40))


FAULT = Fault(
	title="An import waits for a worker",
	breaks=breaks,
	check="imports.pending",
	severity="warning",
	subjects=("contacts",),
	also=("jobs.backlog",),
)
