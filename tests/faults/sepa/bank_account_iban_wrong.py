"""ERPNext checks neither country nor length of an IBAN."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Bank Account", {"iban": sepa.party_iban(0)}, name="long", iban=sepa.party_iban(0) + "0")


FAULT = Fault(
	title="The IBAN of a customer's bank account is too long",
	breaks=breaks,
	check="sepa.bank_account_iban",
	severity="warning",
	subjects=("long",),
)
