"""An app was appended to apps.txt behind a line without an end."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.folder.joinpath("sites", "apps.txt").write_text(
		"frappe\nerpnext\nverenigingen\nhrmspayments\n"
	)


FAULT = Fault(
	title="Two lines of apps.txt are joined",
	breaks=breaks,
	check="config.apps_txt",
	severity="warning",
	subjects=("hrmspayments",),
	runbook="mend-apps-txt",
)
