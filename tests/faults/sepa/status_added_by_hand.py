"""Somebody added a status to the options of mandates and uses it."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Property Setter",
		name="SEPA Mandate-status-options",
		doctype_or_field="DocField",
		doc_type="SEPA Mandate",
		field_name="status",
		property="options",
		value="Draft\nActive\nCancelled\nExpired\nSuspended\nUnder Review",
	)
	sepa.add_mandate(site, 0, "M-REVIEW", name="review", status="Under Review")


FAULT = Fault(
	title="A mandate has a status that no profile knows",
	breaks=breaks,
	check="sepa.unknown_status",
	severity="warning",
	subjects=("review",),
)
