"""Addresses were imported with blanks and in pairs."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number, address in enumerate(
		("a b@example.org", "a@example.org, b@example.org", "nobody", "x@localhost")
	):
		site.insert("Contact", name=f"bad {number}", first_name="Bad")
		site.insert("Contact Email", parent=f"bad {number}", email_id=address)
	for number, address in enumerate(("o'neil+x@sub.example.co.uk", "a_b-c.d@example.museum", "123@x.io")):
		site.insert("Contact", name=f"good {number}", first_name="Good")
		site.insert("Contact Email", parent=f"good {number}", email_id=address)


FAULT = Fault(
	title="Addresses were imported with blanks and in pairs",
	breaks=breaks,
	check="data.email_format",
	severity="warning",
	count=4,
	subjects=("bad 0", "bad 1", "bad 2", "bad 3"),
)
