"""Somebody deleted known errors by hand."""

from recovery_console.core.knowledge import known_errors
from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite

GONE = tuple(error.id for error in known_errors()[:3])


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.data.delete("Known Error", {"name": list(GONE)})


FAULT = Fault(
	title="Records that come with the console were deleted",
	breaks=breaks,
	check="console.standard_records",
	severity="warning",
	count=3,
	subjects=GONE,
)
