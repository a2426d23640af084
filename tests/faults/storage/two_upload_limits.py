"""max_file_size stayed in the configuration when System Settings got the field."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(max_file_size=10 * 1024**2)
	site.set_single("System Settings", max_file_size=25)


FAULT = Fault(
	title="Two upload limits are set",
	breaks=breaks,
	check="storage.upload_limit",
	severity="info",
	subjects=("max_file_size",),
	runbook="align-upload-limits",
)
