"""The site was moved from a laptop, with its host_name."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(host_name="http://localhost:8000")


FAULT = Fault(
	title="Links in mails lead to localhost",
	breaks=breaks,
	check="config.host_name",
	severity="warning",
	subjects=("host_name",),
	runbook="set-host-name",
	given={"address": "https://erp.example.org"},
)
