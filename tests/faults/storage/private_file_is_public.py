"""A script marked a file as private and left it among the public ones."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(site.path / "public" / "files" / "payslip.pdf").write_text("%PDF")
	site.insert("File", name="payslip", file_name="payslip.pdf", file_url="/files/payslip.pdf", is_private=1)


FAULT = Fault(
	title="A private file can be opened by everybody",
	breaks=breaks,
	check="storage.wrong_side",
	severity="warning",
	subjects=("payslip",),
	runbook="make-private-files-private",
)
