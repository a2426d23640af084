"""The address for messages about copies was never entered."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("DocType", name="Google Drive", module="Integrations", issingle=1)
	site.set_single("Google Drive", enable=1, frequency="Daily", last_backup_on=site.hours_ago(20))


FAULT = Fault(
	title="Nobody hears when a copy fails",
	breaks=breaks,
	check="backups.offsite",
	severity="warning",
	subjects=("Google Drive",),
)
