"""A customer was renamed by hand: every invoice that names the old one fails, each with its own text."""

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite

NAMES = tuple(f"err{number:02}" for number in range(10))


def breaks(site: SampleSite) -> None:
	for number, name in enumerate(NAMES):
		message = f"Row #{number}: Could not find Customer: <strong>Old {number}</strong> in ACC-SINV-2026-{number:05}"
		log(site, name, site.hours_ago(2 + number), traceback(message, line=100 + number), f"INV {number}")
	log(site, "other", site.hours_ago(3), traceback("'party'", "KeyError"))


FAULT = Fault(
	title="One error in ten documents",
	breaks=breaks,
	check="errors.repeated",
	severity="warning",
	count=10,
	subjects=NAMES,
	runbook="clear-repeated-errors",
)
