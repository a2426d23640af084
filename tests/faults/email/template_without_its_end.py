"""Somebody took the end of a condition out of an Email Template."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Email Template", name="Welcome", subject="Welcome {{ doc.first_name }}", response="<p>Hello</p>"
	)
	site.insert(
		"Email Template",
		name="Reminder",
		subject="Invoice {{ doc.name }}",
		response="<p>{% if doc.outstanding_amount &gt; 0 %}Please pay.</p>",
	)


FAULT = Fault(
	title="Somebody took the end of a condition out of an Email Template",
	breaks=breaks,
	check="email.templates",
	severity="warning",
	count=1,
	subjects=("Reminder",),
)
