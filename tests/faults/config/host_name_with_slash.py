"""host_name was copied from the browser's address bar."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(host_name="https://erp.example.org/app/")


FAULT = Fault(
	title="Links in mails have a path in the middle",
	breaks=breaks,
	check="config.host_name",
	severity="warning",
	subjects=("host_name",),
	runbook="set-host-name",
)
