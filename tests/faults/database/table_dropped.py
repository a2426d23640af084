"""A table was dropped by hand."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("DROP TABLE `tabPatch Log`")


FAULT = Fault(
	title="A table was dropped by hand",
	breaks=breaks,
	check="database.missing_tables",
	severity="critical",
	subjects=("Patch Log",),
	blinds=True,
)
