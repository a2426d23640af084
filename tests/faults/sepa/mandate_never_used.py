"""A mandate was signed four years ago and never used; one as old, but in use, is fine."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	old = site.days_ago(4 * 366).date()
	sepa.add_mandate(site, 0, "NEVER-1", name="never", sign_date=old, used_for_memberships=0)
	site.update("SEPA Mandate", sepa.mandate(site, 1), sign_date=old)


FAULT = Fault(
	title="A mandate was signed long ago and never collected from",
	breaks=breaks,
	check="sepa.mandate_dormant",
	severity="info",
	subjects=("never",),
	runbook="end-expired-mandates",
	given={"unused": True},
)
