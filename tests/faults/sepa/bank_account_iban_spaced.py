"""Bank accounts were imported with IBANs in groups of four."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Bank Account", {"iban": sepa.party_iban(0)}, name="spaced", iban=sepa.party_iban(0).lower())


FAULT = Fault(
	title="The IBAN of a bank account holds blanks",
	breaks=breaks,
	check="sepa.bank_account_iban",
	severity="info",
	subjects=("spaced",),
	runbook="store-ibans-in-electronic-form",
)
