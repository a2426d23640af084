"""A reposting was killed with its worker."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	values = {"status": "In Progress", "docstatus": 1}
	site.insert("Repost Item Valuation", name="riv-hangs", creation=site.hours_ago(25), **values)
	site.insert("Repost Item Valuation", name="riv-busy", creation=site.hours_ago(23), **values)


FAULT = Fault(
	title="A reposting was killed with its worker",
	breaks=breaks,
	check="payments.accounting_jobs_stuck",
	severity="warning",
	subjects=("riv-hangs",),
	runbook="requeue-stock-repostings",
)
