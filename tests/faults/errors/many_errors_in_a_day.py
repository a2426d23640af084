"""Twenty-one errors in a day, no two alike, none in the last hour."""

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(21):
		letter = chr(ord("A") + number)
		log(site, f"day{number}", site.hours_ago(1.1 + number), traceback("it broke", f"{letter}xError"))
	for number in range(3):
		log(site, f"before{number}", site.hours_ago(25 + number), traceback("it broke", "OldError"))


FAULT = Fault(
	title="Many errors in a day",
	breaks=breaks,
	check="errors.rate",
	severity="warning",
	count=21,
)
