"""The IBAN of one customer was copied to another."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.erpnext import party_iban
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Bank Account", {"party": CUSTOMERS[1].full_name}, iban=party_iban(0))


FAULT = Fault(
	title="The IBAN of one customer was copied to another",
	breaks=breaks,
	check="data.shared_ibans",
	severity="info",
	count=1,
	also=("sepa.account_differs",),
)
