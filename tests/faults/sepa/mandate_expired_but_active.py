"""The end of a mandate passed, and nobody saved it since."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="over", expiry_date=site.days_ago(1).date())


FAULT = Fault(
	title="A mandate is active after its date of expiry",
	breaks=breaks,
	check="sepa.mandate_expired",
	severity="warning",
	subjects=("over",),
	also=("sepa.line_mandate",),
	runbook="end-expired-mandates",
)
