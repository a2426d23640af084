"""The site was not migrated after the console was updated: the scheduler does not know its jobs."""

from tests.faults import Fault
from tests.support.console import DAILY, install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	install_console(site)
	site.delete("Scheduled Job Type", {"method": DAILY})


FAULT = Fault(
	title="A job of the console is not set up",
	breaks=breaks,
	check="console.jobs",
	severity="warning",
	subjects=(DAILY,),
)
