"""Anybody may run a Server Script with a limit."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(server_script_enabled=1)
	site.insert(
		"Server Script",
		name="order_status",
		script_type="API",
		api_method="order_status",
		script="frappe.response['message'] = 1",
		allow_guest=1,
		disabled=0,
		enable_rate_limit=1,
	)


FAULT = Fault(
	title="Anybody may run a Server Script with a limit",
	breaks=breaks,
	check="security.guest_scripts",
	severity="info",
	count=1,
	subjects=("order_status",),
	runbook="close-server-scripts",
	given={"do": "disable"},
)
