"""Two customers and two suppliers have the same tax number."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Customer", CUSTOMERS[0].full_name, tax_id="NL 8123.45.678 B01")
	site.update("Customer", CUSTOMERS[1].full_name, tax_id="nl812345678b01")
	site.update("Customer", CUSTOMERS[2].full_name, tax_id="NL812345678B02")
	site.insert("Supplier", name="Old", supplier_name="Old", tax_id="DE111", disabled=1)
	site.insert("Supplier", name="New", supplier_name="New", tax_id="DE111")


FAULT = Fault(
	title="Two customers and two suppliers have the same tax number",
	breaks=breaks,
	check="data.duplicate_parties",
	severity="warning",
	count=2,
	runbook="merge-duplicate-records",
	given={"doctype": "Customer", "keep": CUSTOMERS[0].full_name, "drop": CUSTOMERS[1].full_name},
)
