"""Max File Size was raised in System Settings, nginx was forgotten."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", max_file_size=100)
	(site.bench.folder / "config" / "nginx.conf").write_text("server {\n\tclient_max_body_size 50m;\n}\n")


FAULT = Fault(
	title="nginx refuses uploads that Frappe would take",
	breaks=breaks,
	check="storage.upload_limit",
	severity="warning",
	subjects=("nginx.conf",),
	runbook="align-upload-limits",
)
