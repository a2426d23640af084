"""Access to Google Drive was withdrawn."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("DocType", name="Google Drive", module="Integrations", issingle=1)
	site.set_single(
		"Google Drive",
		enable=1,
		frequency="Weekly",
		email="ops@example.org",
		last_backup_on=site.days_ago(9),
	)


FAULT = Fault(
	title="Copies to Google Drive stopped",
	breaks=breaks,
	check="backups.offsite",
	severity="warning",
	subjects=("Google Drive",),
)
