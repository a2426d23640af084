"""Every request fails: more errors than the scheduled job can save."""

import json

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	errors = [json.dumps({"method": f"Error {number}", "error": "Traceback"}) for number in range(1000)]
	site.cache.rpush(site.cache_key("insert_queue_for_Error Log"), *errors)


FAULT = Fault(
	title="More errors than can be saved",
	breaks=breaks,
	check="errors.waiting",
	severity="warning",
	count=1000,
	runbook="save-waiting-errors",
	given={"most": 20},
)
