"""A membership was ended without cancelling the mandate."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Member", sepa.member_name(site, 0), status="Terminated")
	site.update("Member", sepa.member_name(site, 1), status="Deceased")
	for number, name in ((0, "gone"), (1, "died")):
		site.update("SEPA Mandate", sepa.mandate(site, number), name=name)


FAULT = Fault(
	title="A terminated and a deceased member have active mandates",
	breaks=breaks,
	check="sepa.mandate_left",
	severity="warning",
	count=2,
	subjects=(
		"gone",
		"died",
	),
	runbook="suspend-unusable-mandates",
)
