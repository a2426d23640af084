"""The app wrote statuses straight to the database that its own form does not offer."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(site, 0, "M-USED", name="used", status="Used")
	site.insert("Member", name="expelled", first_name="Iris", last_name="Blom", status="Expelled")


FAULT = Fault(
	title="A mandate is Used and a member Expelled, which no option says",
	breaks=breaks,
	check="sepa.unknown_status",
	severity="warning",
	count=2,
	subjects=(
		"used",
		"expelled",
	),
	runbook="correct-status",
	given={"doctype": "Member", "wrong": "Expelled", "right": "Terminated"},
	left=1,
)
