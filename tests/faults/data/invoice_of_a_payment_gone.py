"""An invoice that payments refer to was deleted past the form."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.erpnext import payment_name
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Payment Entry Reference",
		parent=payment_name(site, 1),
		reference_doctype="Sales Invoice",
		reference_name="ACC-SINV-1999-00001",
		allocated_amount=0,
		docstatus=1,
	)
	site.insert(
		"Payment Entry Reference",
		parent=payment_name(site, 2),
		reference_doctype="Sales Invoice",
		reference_name="ACC-SINV-1999-00002",
		allocated_amount=0,
		docstatus=2,
	)


FAULT = Fault(
	title="An invoice that payments refer to was deleted past the form",
	breaks=breaks,
	check="data.dangling_links",
	severity="warning",
	count=1,
)
