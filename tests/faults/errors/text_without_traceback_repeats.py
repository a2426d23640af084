"""An integration logs each refusal as plain text, with another number and time in it."""

from tests.faults import Fault
from tests.faults.errors._errors import log
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(10):
		text = f"The bank refused order {8000 + number} at {site.hours_ago(number):%Y-%m-%d %H:%M:%S}\nmore {number}"
		log(site, f"plain{number}", site.hours_ago(2 + number), text, "Bank order refused")


FAULT = Fault(
	title="Plain texts that differ in numbers only",
	breaks=breaks,
	check="errors.repeated",
	severity="warning",
	count=10,
	subjects=tuple(f"plain{number}" for number in range(10)),
	runbook="clear-repeated-errors",
)
