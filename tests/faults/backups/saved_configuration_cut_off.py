"""The disk was full when the configuration was copied."""

from tests.faults import Fault
from tests.faults.backups._files import replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	replace(site, 2, "site_config_backup.json", site.config_path.read_bytes()[:50])


FAULT = Fault(
	title="The newest copy of the configuration is cut off",
	breaks=breaks,
	check="backups.sound",
	severity="critical",
	runbook="replace-damaged-backups",
)
