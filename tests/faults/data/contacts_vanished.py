"""A program deleted many contacts overnight."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	held = site.count("Contact", {})
	console.snapshot(
		site.hours_ago(30.5),
		measurements={
			"data.records_lost.records_contact": held + 12,
			"data.records_lost.records_user": site.count("User", {}) + 9,
			"data.records_lost.records_file": "many",
		},
	)


FAULT = Fault(
	title="A program deleted many contacts overnight",
	breaks=breaks,
	check="data.records_lost",
	severity="warning",
	count=12,
	subjects=("Contact",),
)
