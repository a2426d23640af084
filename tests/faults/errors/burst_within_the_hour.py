"""All kinds of things fail at once: eleven different errors within an hour."""

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite

KINDS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda")


def breaks(site: SampleSite) -> None:
	for number, kind in enumerate(KINDS):
		log(site, f"burst{number}", site.minutes_ago(2 + 5 * number), traceback("it broke", f"{kind}Error"))


FAULT = Fault(
	title="Eleven different errors within an hour",
	breaks=breaks,
	check="errors.rate",
	severity="warning",
	count=11,
)
