"""A second contact with the address of a portal user was imported."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	contact = site.insert("Contact", name="D. Mulder", first_name="D.", email_id="daan.mulder@example.org")
	site.insert("Contact Email", parent=contact, email_id="daan.mulder@example.org", is_primary=1)


FAULT = Fault(
	title="A second contact with the address of a portal user was imported",
	breaks=breaks,
	check="portal.duplicate_contacts",
	severity="warning",
	count=1,
	subjects=("daan.mulder@example.org",),
)
