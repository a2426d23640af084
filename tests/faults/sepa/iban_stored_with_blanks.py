"""The app stores the IBANs of mandates in groups of four."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in (0, 1):
		text = sepa.party_iban(number)
		grouped = " ".join(text[start : start + 4] for start in range(0, len(text), 4))
		site.update("SEPA Mandate", sepa.mandate(site, number), iban=grouped)


FAULT = Fault(
	title="IBANs of mandates hold blanks",
	breaks=breaks,
	check="sepa.mandate_iban",
	severity="info",
	count=2,
	runbook="store-ibans-in-electronic-form",
)
