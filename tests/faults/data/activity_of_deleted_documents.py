"""Customers were deleted past Frappe; what people wrote about them stayed."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	gone = [site.insert("Customer", name=name, customer_name=name) for name in ("Gone A", "Gone B")]
	for name in gone:
		site.insert(
			"Comment", comment_type="Comment", reference_doctype="Customer", reference_name=name, content="x"
		)
	site.insert(
		"Comment",
		comment_type="Comment",
		reference_doctype="Customer",
		reference_name="Gone long ago",
		content="x",
		creation=site.days_ago(91),
		modified=site.days_ago(91),
	)
	site.insert("Comment", comment_type="Deleted", reference_doctype="Customer", subject="Customer Gone C")
	for name in gone:
		site.delete("Customer", name)


FAULT = Fault(
	title="Customers were deleted past Frappe; what people wrote about them stayed",
	breaks=breaks,
	check="data.orphaned_activity",
	severity="warning",
	count=2,
	subjects=("Gone A", "Gone B"),
	runbook="delete-orphaned-activity",
)
