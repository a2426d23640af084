"""A disk error changed an entry in the middle of the files."""

import io
import tarfile

from tests.faults import Fault
from tests.faults.backups._files import replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	buffer = io.BytesIO()
	with tarfile.open(fileobj=buffer, mode="w") as archive:
		for name in ("a", "b", "c"):
			entry = tarfile.TarInfo(name)
			entry.size = 512
			archive.addfile(entry, io.BytesIO(b"x" * 512))
	content = bytearray(buffer.getvalue())
	content[1024:1536] = b"y" * 512  # the header of the second
	replace(site, 2, "files.tar", bytes(content))


FAULT = Fault(
	title="The newest archive of files is damaged inside",
	breaks=breaks,
	check="backups.contents",
	severity="critical",
)
