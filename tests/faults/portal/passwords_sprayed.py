"""Passwords are tried for a hundred names from a hundred addresses."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import log_failures
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	log_failures(
		site,
		[f"name{number}" for number in range(100)],
		[f"198.51.{number // 50}.{number % 50}" for number in range(100)],
	)


FAULT = Fault(
	title="Passwords are tried for a hundred names from a hundred addresses",
	breaks=breaks,
	check="portal.failed_logins",
	severity="warning",
	count=100,
)
