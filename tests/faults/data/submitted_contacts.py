"""An import submitted contacts."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Contact", name="Submitted", first_name="S", docstatus=1)
	site.insert("Contact", name="Cancelled", first_name="C", docstatus=2)
	site.update("Customer", CUSTOMERS[3].full_name, docstatus=1)


FAULT = Fault(
	title="An import submitted contacts",
	breaks=breaks,
	check="data.docstatus",
	severity="warning",
	count=3,
	runbook="reset-state-of-records",
)
