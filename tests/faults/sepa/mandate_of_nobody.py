"""A member was deleted past the link check; the mandate stayed."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(site, 0, "M-LOST", name="lost", member="Assoc-Member-1999-01-0001")


FAULT = Fault(
	title="A mandate belongs to a member who does not exist",
	breaks=breaks,
	check="sepa.mandate_left",
	severity="warning",
	subjects=("lost",),
	runbook="suspend-unusable-mandates",
)
