"""A digit of an IBAN was mistyped, and the app's own check was not run: an import wrote it."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(
		site, 0, "M-1", name="mistyped", iban="NL92ABNA0417164300", used_for_memberships=0, used_for_other=1
	)
	site.update("Member", sepa.member_name(site, 0), iban="")


FAULT = Fault(
	title="The IBAN of a mandate has a wrong digit",
	breaks=breaks,
	check="sepa.mandate_iban",
	severity="warning",
	subjects=("mistyped",),
	runbook="suspend-unusable-mandates",
)
