"""The disk was full when Frappe opened site_config.json to write it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.config_path.write_text("")


FAULT = Fault(
	title="site_config.json is empty",
	breaks=breaks,
	check="config.readable",
	severity="critical",
	also=("database.reachable",),
	blinds=True,
	runbook="restore-site-config",
)
