"""A Server Script written for Python 2 came along with an upgrade."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(server_script_enabled=1)
	values = {"script_type": "API", "api_method": "totals"}
	site.insert("Server Script", name="Totals", script="print 'total'", **values)
	site.insert("Server Script", name="Old", script="print 'total'", disabled=1, **values)
	site.insert("Server Script", name="Good", script="total = 1", **values)


FAULT = Fault(
	title="A Server Script is not valid Python",
	breaks=breaks,
	check="config.server_scripts",
	severity="warning",
	subjects=("Totals",),
	runbook="disable-broken-scripts",
	given={"names": "Totals"},
)
