"""An import was filled in and has no job; one that is being filled in now is left alone."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", total=10, hours=5)
	add_import(site, "just_now", total=10, hours=0.5)


FAULT = Fault(
	title="An import was filled in and has no job",
	breaks=breaks,
	check="imports.pending",
	severity="info",
	subjects=("contacts",),
	runbook="start-import",
	given={"names": ["contacts"]},
)
