"""Somebody made permission errors go away with chmod -R 777."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.common_config_path.chmod(0o666)


FAULT = Fault(
	title="Every user of the machine can change common_site_config.json",
	breaks=breaks,
	check="config.exposed",
	severity="critical",
	subjects=("common_site_config.json",),
	runbook="close-config-files",
)
