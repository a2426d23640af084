"""Somebody paused the scheduler, and somebody else disabled it, too; the file is not in order."""

import json

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	values = {"pause_scheduler": 1, "disable_scheduler": True, **site.config()}
	site.config_path.write_text(json.dumps(values, indent=2))


FAULT = Fault(
	title="The scheduler is both paused and disabled",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	count=2,
	runbook="resume-scheduler",
)
