"""A command with sudo rewrote site_config.json."""

import os

import pytest

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	if os.geteuid() != 0:
		pytest.skip("only root can give files away")
	os.chown(site.config_path, 65534, -1)


FAULT = Fault(
	title="site_config.json belongs to another user than the bench, who alone can read it",
	breaks=breaks,
	check="config.owner",
	severity="critical",
	subjects=("site_config.json",),
)
