"""A customer was disabled while invoices were in draft."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Customer", CUSTOMERS[0].full_name, disabled=1)
	for name, age, docstatus in (("DRAFT-1", 3, 0), ("DRAFT-old", 91, 0), ("DRAFT-cancelled", 3, 2)):
		site.insert(
			"Sales Invoice",
			name=name,
			customer=CUSTOMERS[0].full_name,
			status="Draft",
			docstatus=docstatus,
			creation=site.days_ago(age),
		)


FAULT = Fault(
	title="A customer was disabled while invoices were in draft",
	breaks=breaks,
	check="data.disabled_links",
	severity="warning",
	count=1,
	subjects=("DRAFT-1",),
	runbook="enable-record-that-drafts-need",
	given={"doctype": "Customer", "names": [CUSTOMERS[0].full_name]},
)
