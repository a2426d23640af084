"""Somebody downloaded a whole backup."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import export
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	export(site, "anna.bakker@example.org", 2, export_from=None, file_type=None, report_name="Backup")


FAULT = Fault(
	title="Somebody downloaded a whole backup",
	breaks=breaks,
	check="security.exports",
	severity="info",
	count=1,
	subjects=("anna.bakker@example.org",),
)
