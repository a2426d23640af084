"""Somebody typed the letter O in place of a zero, and lost a digit elsewhere; one of each."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, text in (("letter", "NL91ABNAO417164300"), ("short", "NL91ABNA041716430")):
		sepa.add_mandate(site, 0, name, name=name, iban=text, used_for_memberships=0)
	site.update("Member", sepa.member_name(site, 0), iban="")


FAULT = Fault(
	title="One IBAN has a letter among its digits, one is too short",
	breaks=breaks,
	check="sepa.mandate_iban",
	severity="warning",
	count=2,
	subjects=(
		"letter",
		"short",
	),
	runbook="suspend-unusable-mandates",
)
