"""`sudo bench set-config -g` rewrote the file of all sites."""

import os

import pytest

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	if os.geteuid() != 0:
		pytest.skip("only root can give files away")
	os.chown(site.bench.common_config_path, 65534, -1)
	site.bench.common_config_path.chmod(0o644)


FAULT = Fault(
	title="common_site_config.json belongs to another user than the bench",
	breaks=breaks,
	check="config.owner",
	severity="warning",
	subjects=("common_site_config.json",),
)
