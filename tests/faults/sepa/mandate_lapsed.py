"""A mandate was last collected from 37 months ago, and then kept."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(
		site, 0, "OLD-1", name="lapsed", sign_date=site.days_ago(2500).date(), used_for_memberships=0
	)
	sepa.add_batch(site, "BATCH-OLD", site.days_ago(37 * 30.6).date(), status="Processed")
	sepa.add_line(
		site, "BATCH-OLD", 0, sepa.invoice_name(site, 1), mandate_reference="old-1", status="Successful"
	)


FAULT = Fault(
	title="Nothing was presented on a mandate for 37 months",
	breaks=breaks,
	check="sepa.mandate_dormant",
	severity="warning",
	subjects=("lapsed",),
	runbook="end-expired-mandates",
)
