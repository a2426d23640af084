"""The association's own IBAN was entered as the payer's."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	own = site.single("Verenigingen Settings", "company_iban")
	sepa.add_mandate(site, 0, "M-1", name="own", iban=own, used_for_memberships=0)
	site.update("Member", sepa.member_name(site, 0), iban="")


FAULT = Fault(
	title="A mandate names the creditor's own account",
	breaks=breaks,
	check="sepa.mandate_iban",
	severity="warning",
	subjects=("own",),
	runbook="suspend-unusable-mandates",
)
