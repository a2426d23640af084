"""The backup broke off between the public and the private files."""

from tests.faults import Fault
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	part(site, 2, "private-files.tar").unlink()
	part(site, 2, "site_config_backup.json").unlink()


FAULT = Fault(
	title="The newest backup lacks the private files and the configuration",
	breaks=breaks,
	check="backups.complete",
	severity="warning",
	count=2,
)
