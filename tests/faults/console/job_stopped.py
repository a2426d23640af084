"""Somebody stopped the hourly snapshot."""

from tests.faults import Fault
from tests.support.console import HOURLY, install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	install_console(site)
	site.update("Scheduled Job Type", {"method": HOURLY}, stopped=1)


FAULT = Fault(
	title="A job of the console was stopped",
	breaks=breaks,
	check="console.jobs",
	severity="warning",
	subjects=(HOURLY,),
	runbook="start-console-jobs",
)
