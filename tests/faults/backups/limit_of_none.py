"""The number of backups to keep was set to 0, meant as without limit."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", backup_limit=0)


FAULT = Fault(
	title="Frappe deletes every backup within the hour",
	breaks=breaks,
	check="backups.retention",
	severity="critical",
	subjects=("backup_limit",),
	runbook="keep-more-backups",
)
