"""Somebody deleted the copies of the configuration: they hold passwords."""

from tests.faults import Fault
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	part(site, 2, "site_config_backup.json").unlink()


FAULT = Fault(
	title="The newest backup lacks the configuration",
	breaks=breaks,
	check="backups.complete",
	severity="warning",
)
