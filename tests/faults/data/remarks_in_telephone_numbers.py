"""Remarks were entered as telephone numbers."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, number in (
		("c1", "ask Anna"),
		("c2", "06-12345678 (after six)"),
		("c3", "112"),
		("c4", "+31 (0)6 1234.5678"),
		("c5", "020/123 45 67 ext. 12"),
	):
		site.insert("Contact", name=name, first_name=name)
		site.insert("Contact Phone", parent=name, phone=number)


FAULT = Fault(
	title="Remarks were entered as telephone numbers",
	breaks=breaks,
	check="data.phone_format",
	severity="info",
	count=3,
	subjects=("c1", "c2", "c3"),
)
