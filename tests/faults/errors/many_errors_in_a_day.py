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
	for number in range(30):  # a program marked them as seen, and so changed them
		old = log(site, f"seen{number}", site.days_ago(40), traceback("it broke", "SeenError"))
		site.update("Error Log", old, modified=site.hours_ago(0.5))


FAULT = Fault(
	title="Many errors in a day",
	breaks=breaks,
	check="errors.rate",
	severity="warning",
	count=21,
)
