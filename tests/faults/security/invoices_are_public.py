"""Scanned invoices and payslips were uploaded as public files."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number, doctype in enumerate(("Purchase Invoice", "Salary Slip", "Website Theme"), 1):
		name = f"scan-{number}.pdf"
		(site.path / "public" / "files" / name).write_text("scan")
		site.insert(
			"File",
			name=f"file-{number}",
			file_name=name,
			file_url=f"/files/{name}",
			is_private=0,
			file_size=4,
			attached_to_doctype=doctype,
			attached_to_name="one",
			content_hash=f"hash-{number}",
			creation=site.days_ago(3),
		)


FAULT = Fault(
	title="Scanned invoices and payslips were uploaded as public files",
	breaks=breaks,
	check="security.public_files",
	severity="warning",
	count=2,
	subjects=("file-1", "file-2"),
	runbook="make-files-private",
)
