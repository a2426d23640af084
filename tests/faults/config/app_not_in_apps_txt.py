"""apps.txt was written anew and an app forgotten."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.folder.joinpath("sites", "apps.txt").write_text("frappe\nerpnext\n")


FAULT = Fault(
	title="An installed app is missing in apps.txt",
	breaks=breaks,
	check="config.apps_installed",
	severity="warning",
	subjects=("verenigingen",),
	runbook="mend-apps-txt",
)
