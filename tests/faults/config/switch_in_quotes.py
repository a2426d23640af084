"""A switch was switched off with the text '0', which is on."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(disable_website_cache="false", max_file_size="25 MB", limits="None")


FAULT = Fault(
	title="Settings are texts where Frappe wants numbers",
	breaks=breaks,
	check="config.types",
	severity="warning",
	count=3,
	subjects=(
		"disable_website_cache",
		"limits",
		"max_file_size",
	),
	runbook="mend-setting-types",
)
