"""One user exported twenty times in a day."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import export
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	export(site, "bram.visser@example.org", 12)
	export(site, "bram.visser@example.org", 8, file_type="Excel", hours=20)
	export(site, "anna.bakker@example.org", 19)
	export(site, "eva.bos@example.org", 40, file_type="PDF", method="Print")


FAULT = Fault(
	title="One user exported twenty times in a day",
	breaks=breaks,
	check="security.exports",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
)
