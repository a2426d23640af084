"""One report takes half a minute; everything else is quick."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite

REPORT = "/api/method/frappe.desk.query_report.run"


def breaks(site: SampleSite) -> None:
	quick = [request(site, number, 0.1) for number in range(400)]
	slow = [
		request(site, 400 + number, 30.0, f"{REPORT}?report_name=Ledger {number}") for number in range(10)
	]
	once = [request(site, 500 + number, 40.0, "/app/print/x") for number in range(5)]
	monitored(site, quick + slow + once)


FAULT = Fault(
	title="One report is slow",
	breaks=breaks,
	check="performance.slow_methods",
	severity="warning",
	subjects=(REPORT,),
)
