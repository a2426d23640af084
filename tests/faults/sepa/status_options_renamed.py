"""Somebody translated the options of a status in Customize Form."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Property Setter",
		name="Direct Debit Batch-status-options",
		doctype_or_field="DocField",
		doc_type="Direct Debit Batch",
		field_name="status",
		property="options",
		value="Draft\nBestand gemaakt\nSubmitted\nProcessed\nFailed",
	)


FAULT = Fault(
	title="The form of batches offers other statuses than the profile expects",
	breaks=breaks,
	check="sepa.profile",
	severity="warning",
	subjects=("Direct Debit Batch",),
)
