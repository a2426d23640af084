"""Somebody tries thirty names from one address."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import log_failures
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	users = [f"guess{number}" for number in range(30)]
	log_failures(site, users, ["198.51.100.9"] * 30)
	log_failures(site, ["root"] * 29, ["198.51.100.10"] * 29)


FAULT = Fault(
	title="Somebody tries thirty names from one address",
	breaks=breaks,
	check="portal.failed_logins",
	severity="warning",
	count=1,
	subjects=("198.51.100.9",),
)
