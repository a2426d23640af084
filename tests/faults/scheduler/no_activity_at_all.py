"""Activity Log was emptied, which Frappe 15 takes for a site without users."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Activity Log")


FAULT = Fault(
	title="Activity Log is empty, so the site counts as dormant",
	breaks=breaks,
	check="scheduler.dormant",
	severity="warning",
	frappe=(15,),
	databases=("mariadb", "postgres"),
)
