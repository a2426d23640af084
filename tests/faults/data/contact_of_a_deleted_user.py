"""A user was deleted past the form, and a contact still names it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Contact", name="Left over", first_name="Left", user="gone@example.org")
	site.insert("Contact", name="Fine", first_name="Fine", user="Administrator")


FAULT = Fault(
	title="A contact names a user who was deleted past the form",
	breaks=breaks,
	check="data.dangling_links",
	severity="warning",
	subjects=("Left over",),
	runbook="empty-dangling-links",
	given={"link": "Contact.user"},
)
