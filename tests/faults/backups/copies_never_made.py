"""Copies to S3 were switched on, and the job never ran."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("DocType", name="S3 Backup Settings", module="Integrations", issingle=1)
	site.set_single(
		"S3 Backup Settings",
		enabled=1,
		frequency="Daily",
		notify_email="ops@example.org",
		modified=site.days_ago(10),
	)


FAULT = Fault(
	title="No copy ever reached S3",
	breaks=breaks,
	check="backups.offsite",
	severity="warning",
	subjects=("S3 Backup Settings",),
)
