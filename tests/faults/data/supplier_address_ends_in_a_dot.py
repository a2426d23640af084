"""A program stored addresses with a stray dot."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, address in (
		("s1", "info@example.org."),
		("s2", "info@.example.org"),
		("s3", "a..b@example.org"),
	):
		site.insert("Supplier", name=name, supplier_name=name, email_id=address)


FAULT = Fault(
	title="A program stored addresses with a stray dot",
	breaks=breaks,
	check="data.email_format",
	severity="warning",
	count=3,
	subjects=("s1", "s2", "s3"),
	runbook="clean-email-addresses",
	given={"likely": True},
)
