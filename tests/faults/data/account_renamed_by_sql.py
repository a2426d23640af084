"""A bank account was renamed past the form."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.fill.erpnext import COMPANY_ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Bank Account", COMPANY_ACCOUNT, name="Main account")


FAULT = Fault(
	title="A bank account was renamed past the form",
	breaks=breaks,
	check="data.dangling_links",
	severity="warning",
	count=1,
	runbook="relink-renamed-record",
	given={"link": "Bank Transaction.bank_account", "old": COMPANY_ACCOUNT, "new": "Main account"},
)
