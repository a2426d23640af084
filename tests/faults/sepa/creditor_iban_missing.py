"""The settings were saved without the collecting account."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("Verenigingen Settings", company_iban="", company_account_holder="")


FAULT = Fault(
	title="The creditor has no IBAN, and the name of its holder is empty",
	breaks=breaks,
	check="sepa.creditor",
	severity="critical",
)
