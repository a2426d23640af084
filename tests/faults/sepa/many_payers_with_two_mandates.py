"""An import gave far more payers a second mandate than a finding names."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite

PAYERS = 25


def breaks(site: SampleSite) -> None:
	for number in range(PAYERS):
		for turn in range(2):
			sepa.add_mandate(site, 0, f"M-{number}-{turn}", member=f"Assoc-Member-Imported-{number:02d}")


FAULT = Fault(
	title="Twenty-five payers have two active mandates",
	breaks=breaks,
	check="sepa.mandate_duplicate",
	severity="warning",
	count=PAYERS,
	also=("sepa.mandate_left",),  # nobody of them is on record, either
)
