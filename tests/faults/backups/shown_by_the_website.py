"""backup_path was set to a folder that is easy to download from."""

from tests.faults import Fault
from tests.faults.backups._files import folder
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	public = site.path / "public" / "files" / "backups"
	folder(site).rename(public)
	folder(site).mkdir()
	site.set_config(backup_path="public/files/backups")


FAULT = Fault(
	title="The backups lie in a public folder",
	breaks=breaks,
	check="backups.exposed",
	severity="critical",
	subjects=("backup_path",),
	runbook="hide-backups",
)
