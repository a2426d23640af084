"""Somebody copied site_config.json with the rights of any other file."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.config_path.chmod(0o644)


FAULT = Fault(
	title="Every user of the machine can read site_config.json",
	breaks=breaks,
	check="config.exposed",
	severity="warning",
	subjects=("site_config.json",),
	runbook="close-config-files",
)
