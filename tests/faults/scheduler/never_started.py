"""On a new site the scheduler was never started: nothing has ever run."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for row in site.rows("Scheduled Job Type", None, ["name"]):
		site.update("Scheduled Job Type", row["name"], last_execution=None, creation=site.hours_ago(26))
	site.delete("Scheduled Job Log")


FAULT = Fault(
	title="Nothing scheduled has ever run",
	breaks=breaks,
	check="scheduler.alive",
	severity="critical",
	also=("scheduler.never_run",),
)
