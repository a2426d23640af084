"""Files are backed up by hand, the last time eight days ago."""

from tests.faults import Fault
from tests.faults.backups._files import dump, only, part, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	only(site, (2, 8, 14, 8 * 24))
	for hours in (2, 8, 14):
		for name in ("files.tar", "private-files.tar"):
			part(site, hours, name).unlink()
	for name in ("files", "private-files"):
		part(site, 8 * 24, f"{name}.tar").rename(part(site, 8 * 24, f"{name}.tgz"))
		replace(site, 8 * 24, f"{name}.tgz", dump("files"))


FAULT = Fault(
	title="Uploaded files were last backed up eight days ago",
	breaks=breaks,
	check="backups.uploads",
	severity="warning",
)
