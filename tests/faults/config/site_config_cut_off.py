"""The disk was full while Frappe wrote site_config.json."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.config_path.write_text(site.config_path.read_text()[:40])


FAULT = Fault(
	title="site_config.json was cut off in the middle of a write",
	breaks=breaks,
	check="config.readable",
	severity="critical",
	also=("database.reachable",),
	blinds=True,
	runbook="restore-site-config",
)
