"""An app was updated an hour ago; since then an error comes that nobody saw before."""

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Installed Application", {"app_name": "frappe"}, creation=site.hours_ago(4))
	new = traceback("'NoneType' object has no attribute 'company'", "AttributeError")
	old = traceback("'party'", "KeyError")
	for number in range(3):
		log(site, f"new{number}", site.hours_ago(1 + number), new)
		log(site, f"old{number}", site.hours_ago(1.5 + number), old)
	log(site, "long-known", site.days_ago(2), old)


FAULT = Fault(
	title="An update brought an error",
	breaks=breaks,
	check="errors.new_since_update",
	severity="warning",
	count=3,
	subjects=("new0", "new1", "new2"),
)
