"""Rights were opened with chmod -R 755."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(site.path / "private").chmod(0o755)


FAULT = Fault(
	title="Every user of the machine can read the backups",
	breaks=breaks,
	check="backups.exposed",
	severity="warning",
	count=12,
	runbook="close-backup-folder",
)
