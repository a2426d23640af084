"""A bench under Supervisor was left in developer mode."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(site.bench.folder / "config" / "supervisor.conf").write_text("[group:bench-web]\n")
	site.set_config(developer_mode=1)


FAULT = Fault(
	title="Developer mode is on in production",
	breaks=breaks,
	check="config.switches",
	severity="warning",
	subjects=("developer_mode",),
	runbook="switch-off-developer-settings",
)
