"""All pages of the site are slow: one in ten takes six seconds, and no single one stands out."""

from tests.faults import Fault
from tests.faults.performance._monitor import monitored, request
from tests.support.sample import SampleSite

NAMES = ("customer", "lead", "item", "quotation", "contact", "address", "task", "project", "event", "note")


def breaks(site: SampleSite) -> None:
	monitored(
		site,
		[
			request(
				site, number, 6.0 if number % 10 == number // 10 else 0.2, f"/app/{NAMES[number % 10]}/x y"
			)
			for number in range(100)
		],
	)


FAULT = Fault(
	title="Pages are slow",
	breaks=breaks,
	check="performance.requests",
	severity="critical",
	also=("performance.slow_methods",),
)
