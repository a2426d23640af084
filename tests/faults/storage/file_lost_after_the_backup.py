"""A cleaning command took files that the last backup still has."""

import io
import tarfile

from tests.faults import Fault
from tests.faults.backups._files import replace
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	buffer = io.BytesIO()
	with tarfile.open(fileobj=buffer, mode="w") as archive:
		for number in range(2):
			name = f"letter {number}.pdf"
			url = add_file(site, name, f"%PDF {number}", "ToDo", f"t{number}")
			site.update("File", {"file_url": url}, name=f"letter{number}")
			path = site.path / "private" / "files" / name
			archive.add(path, f"./{site.name}/private/files/{name}")
			path.unlink()
	replace(site, 2, "private-files.tar", buffer.getvalue())


FAULT = Fault(
	title="Files that the last backup still has are not on disk",
	breaks=breaks,
	check="storage.missing",
	severity="warning",
	count=2,
	subjects=("letter0", "letter1"),
	runbook="bring-missing-files-back",
)
