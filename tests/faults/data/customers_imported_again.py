"""Customers were imported again under other names."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in (0, 1):
		person = CUSTOMERS[number]
		site.insert(
			"Customer",
			name=f"{person.last}, {person.first}",
			customer_name=person.full_name,
			email_id=person.email.upper(),
		)


FAULT = Fault(
	title="Customers were imported again under other names",
	breaks=breaks,
	check="data.duplicate_parties",
	severity="info",
	count=4,
	runbook="merge-duplicate-records",
	given={
		"doctype": "Customer",
		"keep": CUSTOMERS[0].full_name,
		"drop": f"{CUSTOMERS[0].last}, {CUSTOMERS[0].first}",
	},
)
