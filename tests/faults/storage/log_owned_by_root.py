"""bench was run once with sudo: its log now belongs to root."""

import os

import pytest

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	if os.geteuid() != 0:
		pytest.skip("only root can give files away")
	log = site.path / "logs" / "frappe.log"
	log.touch()
	os.chown(log, 65534, -1)


FAULT = Fault(
	title="A log belongs to another user",
	breaks=breaks,
	check="storage.owners",
	severity="warning",
	subjects=("logs/frappe.log",),
)
