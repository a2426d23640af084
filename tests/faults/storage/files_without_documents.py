"""An old import left files behind whose documents were deleted."""

import os

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	folder = site.path / "public" / "files"
	for name, age in (("old.png", 3), ("known.png", 3), ("new.png", 0.5)):
		(folder / name).write_bytes(b"png")
		os.utime(folder / name, (site.utc(site.days_ago(age)).timestamp(),) * 2)
	site.insert("File", file_name="known.png", file_url="/files/known.png", creation=site.days_ago(3))


FAULT = Fault(
	title="Files on disk that no document knows",
	breaks=breaks,
	check="storage.orphans",
	severity="info",
	subjects=("/files/old.png",),
	runbook="set-orphan-files-aside",
)
