"""All workers went without saying goodbye, as after a power cut."""

from tests.faults import Fault
from tests.faults.jobs._keys import lose_workers
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	lose_workers(site, "short", "default", "long")


FAULT = Fault(
	title="No background worker is running",
	breaks=breaks,
	check="jobs.workers",
	severity="critical",
)
