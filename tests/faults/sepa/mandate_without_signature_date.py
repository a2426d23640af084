"""An import left out the date of signature."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), name="unsigned", sign_date=None)
	site.update("SEPA Mandate", sepa.mandate(site, 1), name="future", sign_date=site.days_ago(-7).date())


FAULT = Fault(
	title="A mandate has no date of signature, another one of next week",
	breaks=breaks,
	check="sepa.mandate_details",
	severity="warning",
	count=2,
	subjects=(
		"unsigned",
		"future",
	),
	runbook="suspend-unusable-mandates",
)
