"""Notifications in use hold half a field, and a condition that is no Python."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, enabled, message, condition in (
		("Left Open", 1, "Dear {{ doc.owner", ""),
		("Wrong Condition", 1, "Dear {{ doc.owner }}", "doc.status = 'Open'"),
		("Into The Inside", 1, "{{ doc.__class__ }}", ""),
		("Switched Off", 0, "Dear {{ doc.owner", ""),
		("Well", 1, "Dear {{ doc.owner|upper }}", "doc.status == 'Open'"),
	):
		site.insert(
			"Notification",
			name=name,
			enabled=enabled,
			subject=name,
			message=message,
			condition=condition,
			document_type="User",
			event="New",
			channel="Email",
		)


FAULT = Fault(
	title="Notifications in use hold half a field, and a condition that is no Python",
	breaks=breaks,
	check="email.templates",
	severity="warning",
	count=3,
	subjects=("Left Open", "Wrong Condition", "Into The Inside"),
)
