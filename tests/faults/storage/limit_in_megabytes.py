"""max_file_size was set to 25, and means bytes."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(max_file_size=25)
	site.set_single("System Settings", max_file_size=0)


FAULT = Fault(
	title="Every request is too large",
	breaks=breaks,
	check="storage.upload_limit",
	severity="critical",
	subjects=("max_file_size",),
	runbook="align-upload-limits",
)
