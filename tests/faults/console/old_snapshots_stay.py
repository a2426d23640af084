"""Nobody lets old snapshots go."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.snapshot(site.days_ago(740))
	console.snapshot(site.days_ago(11))
	console.snapshot(site.days_ago(12), report="")
	console.snapshot(site.days_ago(9))


FAULT = Fault(
	title="Old snapshots stay",
	breaks=breaks,
	check="console.retention",
	severity="warning",
	count=2,
	runbook="let-old-snapshots-go",
)
