"""Remarks were entered beside telephone numbers."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, number in (
		("c1", "06-12345678 (after six)"),
		("c2", "Anna: +31 (0)20 123 45 67"),
		("c3", "06-12345678 or 06-87654321"),
	):
		site.insert("Contact", name=name, first_name=name)
		site.insert("Contact Phone", parent=name, phone=number)


FAULT = Fault(
	title="Remarks were entered beside telephone numbers",
	breaks=breaks,
	check="data.phone_format",
	severity="info",
	count=3,
	subjects=("c1", "c2", "c3"),
	runbook="clean-telephone-numbers",
	left=1,
)
