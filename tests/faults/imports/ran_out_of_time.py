"""An import of many rows ran into its time limit; two rows had failed by then."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Timed Out", total=900, done=40, failed=[5, 11])


FAULT = Fault(
	title="An import ran out of time",
	breaks=breaks,
	check="imports.timed_out",
	severity="warning",
	subjects=("contacts",),
	runbook="resume-import",
)
