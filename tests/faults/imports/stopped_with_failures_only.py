"""An import stopped when nothing but failures was logged: it still shows Pending."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Pending", total=10, failed=[2, 3, 4])


FAULT = Fault(
	title="An import stopped after nothing but failures",
	breaks=breaks,
	check="imports.interrupted",
	severity="warning",
	subjects=("contacts",),
	runbook="resume-import",
)
