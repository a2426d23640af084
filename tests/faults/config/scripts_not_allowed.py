"""The upgrade to Frappe 15 switched Server Scripts off for the bench."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Server Script", name="Totals", script="total = 1", script_type="API", api_method="totals")


FAULT = Fault(
	title="Server Scripts are on, but the bench does not run them",
	breaks=breaks,
	check="config.server_scripts",
	severity="warning",
	subjects=("Totals",),
	runbook="allow-server-scripts",
)
